import { hashSecret } from "../core/keys";
import type { NamespaceStore } from "../core/ports/store";

/** A namespace as the configuration gives it. */
export interface SeededNamespace {
  name: string;
  uuid: string;
  /** The secret part of its key. */
  key: string;
}

/** Makes the namespaces of the configuration be there, with the keys that it gives them. Others stay. */
export async function seedNamespaces(store: NamespaceStore, namespaces: readonly SeededNamespace[]): Promise<void> {
  for (const { name, uuid, key } of namespaces) {
    const wanted = { name, uuid, keyHash: hashSecret(key), subject: name };
    const present = await store.byName(name);
    if (JSON.stringify(present) !== JSON.stringify(wanted)) await store.put(wanted);
  }
}
