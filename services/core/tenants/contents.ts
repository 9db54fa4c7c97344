import { isFinal } from "../errors";
import type { EntityRepository } from "../entities/repository";
import type { Collection } from "../model/entities";
import type { EntityStore, Store } from "../ports/store";

/** Rules before what they refer to, actions before the packages that hold them. */
const COLLECTIONS = ["rules", "triggers", "actions", "packages"] as const satisfies readonly Collection[];
/** Entities read at a time. */
const SLICE = 200;

/** How many entities a namespace has, in words. */
export async function contentsOf(store: EntityStore, namespace: string): Promise<{ total: number; text: string }> {
  const counts = await Promise.all(COLLECTIONS.map(async (collection) => ({ collection, count: await store.count({ namespace, collection }) })));
  const present = counts.filter(({ count }) => count > 0);
  return {
    total: present.reduce((sum, { count }) => sum + count, 0),
    text: present.map(({ collection, count }) => `${count} ${count === 1 ? collection.slice(0, -1) : collection}`).join(", "),
  };
}

/**
 * Deletes all that a namespace has: entities, dead letters, activations. Those who use what it shared find it gone.
 *
 * @param now milliseconds since 1970
 */
export async function removeContents(
  { entities, store }: { entities: EntityRepository; store: Pick<Store, "entities" | "activations" | "deadLetters"> },
  namespace: string,
  now: number,
): Promise<void> {
  for (const collection of COLLECTIONS) {
    for (;;) {
      const found = await store.entities.list({ namespace, collection, limit: SLICE, skip: 0 });
      if (found.length === 0) break;
      for (const { entity } of found) await entities.delete(collection, entity, now).catch(unlessChanged);
    }
  }
  await store.deadLetters.purge(namespace);
  await store.activations.purge(namespace);
}

/** Somebody else deleted or changed it at the same time: the next look tells. */
function unlessChanged(error: unknown): void {
  if (!isFinal(error)) throw error;
}
