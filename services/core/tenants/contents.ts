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

export interface Emptying {
  entities: EntityRepository;
  store: Pick<Store, "entities" | "activations" | "deadLetters">;
  /** What was found up to now is what is to go; false when others have changed the namespace or made it anew. */
  isStill(): Promise<boolean>;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * Deletes all that a namespace has: entities, dead letters, activations. Those who use what it shared find it gone. What one
 * that was made anew under its name has is not touched: things are looked for before `isStill` is asked, and go as they were found.
 *
 * @returns false: it was given up on the way, because the namespace has changed
 */
export async function removeContents(emptying: Emptying, namespace: string): Promise<boolean> {
  for (const collection of COLLECTIONS) if (!(await removeEntities(emptying, namespace, collection))) return false;
  const { store, isStill, now } = emptying;
  const upto = now();
  if (!(await isStill())) return false;
  await store.deadLetters.purge(namespace, upto);
  await store.activations.purge(namespace, upto);
  return true;
}

async function removeEntities({ entities, store, isStill, now }: Emptying, namespace: string, collection: Collection): Promise<boolean> {
  for (;;) {
    const found = await store.entities.list({ namespace, collection, limit: SLICE, skip: 0 });
    if (found.length === 0) return true;
    if (!(await isStill())) return false;
    for (const revision of found) {
      try {
        await entities.deleteRevision(revision, now());
      } catch (error) {
        if (!isFinal(error)) throw error;
        // Somebody else changed it; or died while doing so, and lists are right only after it was read.
        await store.entities.head(revision.key);
      }
    }
  }
}
