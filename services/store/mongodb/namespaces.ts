import type { Filter } from "mongodb";
import { conflict } from "../../core/errors";
import type { Namespace, NamespaceState, NamespaceStore } from "../../core/ports/store";
import type { Documents, Page } from "./documents";
import type { Collections, FirstNamespaceDocument, NamespaceDocument } from "./schema";

type AnyDocument = NamespaceDocument | FirstNamespaceDocument;

export class MongoNamespaces implements NamespaceStore {
  private readonly namespaces: Documents<AnyDocument>;

  constructor({ namespaces }: Pick<Collections, "namespaces">) {
    this.namespaces = namespaces as unknown as Documents<AnyDocument>;
  }

  async byUuid(uuid: string): Promise<Namespace | undefined> {
    return namespaceOf(await this.namespaces.first({ uuid }));
  }

  async byName(name: string): Promise<Namespace | undefined> {
    return namespaceOf(await this.namespaces.get(name));
  }

  /** @throws WhiskError 409 when the uuid belongs to a namespace of another name */
  async put({ name, ...rest }: Namespace): Promise<boolean> {
    let failure: unknown;
    try {
      if (await this.write({ _id: name, ...rest })) return true;
    } catch (error) {
      failure = error;
    }
    // Servers tell of a uuid that is taken in different ways.
    const owner = await this.byUuid(rest.uuid);
    if (owner && owner.name !== name) throw conflict(`The uuid of namespace '${name}' belongs to namespace '${owner.name}': give it another.`);
    if (failure) throw failure;
    return false;
  }

  async list(page: Page): Promise<Namespace[]> {
    return (await this.namespaces.page({}, { _id: 1 }, page)).map((document) => namespaceOf(document)!);
  }

  count(): Promise<number> {
    return this.namespaces.count({});
  }

  async remove(state: NamespaceState): Promise<boolean> {
    return (await this.namespaces.remove({ _id: state.name, ...inState(state) } as Filter<AnyDocument>)) === 1;
  }

  private write(document: NamespaceDocument): Promise<boolean> {
    if (document.rev === 1) return this.namespaces.insert(document);
    return this.namespaces.replace(document, inState({ ...document, rev: document.rev - 1 }) as Filter<AnyDocument>);
  }
}

/** The first state may be one that has no number. */
const inState = ({ created, rev }: Omit<NamespaceState, "name">) => ({
  created: created ?? { $exists: false },
  ...(rev === 1 ? { $or: [{ rev }, { keyHash: { $exists: true } }] } : { rev }),
});

function namespaceOf(document: AnyDocument | undefined): Namespace | undefined {
  if (!document) return undefined;
  if (!("keyHash" in document)) {
    const { _id: name, ...rest } = document;
    return { name, ...rest };
  }
  const { _id: name, uuid, subject, keyHash: hash } = document;
  return { name, uuid, subject, keys: [{ id: hash.slice(0, 12), hash, created: 0 }], blocked: false, limits: {}, rev: 1 };
}
