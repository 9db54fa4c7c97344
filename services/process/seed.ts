import { randomUUID } from "node:crypto";
import type { Namespace, NamespaceStore } from "../core/ports/store";
import { keyOf } from "../core/tenants/keys";

/** A namespace as the configuration gives it. */
export interface SeededNamespace {
  name: string;
  uuid: string;
  /** The secret part of its key. */
  key: string;
}

/** Holds the packages that the platform brings for all. */
export const SYSTEM_NAMESPACE = "whisk.system";

/** Others may be starting at the same time, and do the same. */
const ATTEMPTS = 20;

/**
 * Makes the namespaces of the configuration be there, with the keys that it gives them, and `whisk.system`, which nobody can
 * call until an administrator gives it a key. Limits, blocks and keys that administrators have added stay, other namespaces too.
 */
export async function seedNamespaces(store: NamespaceStore, namespaces: readonly SeededNamespace[]): Promise<void> {
  for (const { name, uuid, key } of namespaces) {
    await ensure(store, name, (old) => {
      const seeded = keyOf(key, 0);
      // A key of the configuration that is not in it any more goes.
      const others = old.keys.filter(({ id, created }) => created > 0 && id !== seeded.id);
      return { ...old, uuid, keys: [seeded, ...others] };
    });
  }
  if (!namespaces.some(({ name }) => name === SYSTEM_NAMESPACE)) await ensure(store, SYSTEM_NAMESPACE, (old) => old);
}

async function ensure(store: NamespaceStore, name: string, change: (old: Namespace) => Namespace): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const present = await store.byName(name);
    const wanted = change(present ?? { name, uuid: randomUUID(), subject: name, keys: [], blocked: false, limits: {}, rev: 0 });
    if (present && JSON.stringify(wanted) === JSON.stringify(present)) return;
    if (await store.put({ ...wanted, rev: wanted.rev + 1 })) return;
  }
  throw new Error(`the namespace '${name}' is being changed all the time`);
}
