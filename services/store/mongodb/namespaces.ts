import { conflict } from "../../core/errors";
import type { Namespace, NamespaceStore } from "../../core/ports/store";
import { Documents } from "./documents";
import type { Collections, NamespaceDocument } from "./schema";

export class MongoNamespaces implements NamespaceStore {
  private readonly namespaces: Documents<NamespaceDocument>;

  constructor({ namespaces }: Pick<Collections, "namespaces">) {
    this.namespaces = new Documents(namespaces);
  }

  async byUuid(uuid: string): Promise<Namespace | undefined> {
    return namespaceOf(await this.namespaces.first({ uuid }));
  }

  async byName(name: string): Promise<Namespace | undefined> {
    return namespaceOf(await this.namespaces.get(name));
  }

  /** @throws WhiskError 409 when the uuid belongs to a namespace of another name */
  async put({ name, uuid, keyHash, subject }: Namespace): Promise<void> {
    let failure: unknown;
    try {
      if (await this.namespaces.put({ _id: name, uuid, keyHash, subject })) return;
    } catch (error) {
      failure = error;
    }
    // Servers tell of a uuid that is taken in different ways.
    const owner = await this.byUuid(uuid);
    if (owner && owner.name !== name) throw conflict(`The uuid of namespace '${name}' belongs to namespace '${owner.name}': give it another.`);
    throw failure ?? conflict(`Namespace '${name}' is being changed by another process; try again.`);
  }
}

const namespaceOf = (document: NamespaceDocument | undefined): Namespace | undefined =>
  document && { name: document._id, uuid: document.uuid, keyHash: document.keyHash, subject: document.subject };
