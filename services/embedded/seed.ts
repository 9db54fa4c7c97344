import { hashSecret } from "../core/keys";
import type { NamespaceStore } from "../core/ports/store";
import type { PlatformConfig } from "./config";

/** Makes the namespaces of the configuration be there, with the keys that it gives them. Others stay. */
export async function seedNamespaces(store: NamespaceStore, namespaces: PlatformConfig["namespaces"]): Promise<void> {
  for (const { name, uuid, key } of namespaces) {
    const wanted = { name, uuid, keyHash: hashSecret(key), subject: name };
    const present = await store.byName(name);
    if (JSON.stringify(present) !== JSON.stringify(wanted)) await store.put(wanted);
  }
}
