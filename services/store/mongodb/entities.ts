import type { Filter } from "mongodb";
import type { Entity } from "../../core/model/entities";
import type { EntityQuery, EntityStore, Revision } from "../../core/ports/store";
import { pack, unpack } from "./body";
import type { Documents } from "./documents";
import { Heads, revisionId } from "./heads";
import { between } from "./queries";
import type { Collections, HeadDocument, RevisionDocument } from "./schema";

/**
 * The insert of a revision decides who has its number; the head, by which lists find it, is moved after. Whoever reads a
 * head looks beyond it, so one that a dead process did not move is found, and moved then.
 */
export class MongoEntities implements EntityStore {
  private readonly revisions: Documents<RevisionDocument>;
  private readonly heads: Heads;

  constructor({ revisions, heads }: Pick<Collections, "revisions" | "heads">) {
    this.revisions = revisions;
    this.heads = new Heads(heads, (key, rev) => this.revision(key, rev + 1));
  }

  async head(key: string): Promise<Revision | undefined> {
    const rev = await this.heads.at(key);
    const [current, next] = await Promise.all([rev === 0 ? undefined : this.revision(key, rev), this.revision(key, rev + 1)]);
    if (!next) return current;
    let newest = next;
    for (let found: Revision | undefined = next; found; found = await this.revision(key, newest.rev + 1)) newest = found;
    await this.heads.moveTo(newest);
    return newest;
  }

  async revision(key: string, rev: number): Promise<Revision | undefined> {
    const document = await this.revisions.get(revisionId(key, rev));
    return document && revisionOf(document);
  }

  /** When it rejects, the revision may be there all the same: then the next `head` of its key finds it. */
  async append(revision: Revision): Promise<boolean> {
    const { key, rev, deleted, entity } = revision;
    const written = structuredClone(revision);
    const body = await pack(JSON.stringify(entity));
    if (!(await this.revisions.insert({ _id: revisionId(key, rev), key, rev, deleted, body }))) return false;
    await this.heads.moveTo(written);
    return true;
  }

  async list({ limit, skip, ...query }: EntityQuery): Promise<Revision[]> {
    return this.load(await this.heads.list(filterOf(query), { updated: -1, _id: -1 }, { limit, skip }));
  }

  count(query: Omit<EntityQuery, "limit" | "skip">): Promise<number> {
    return this.heads.count(filterOf(query));
  }

  async rulesOf(trigger: string): Promise<Revision[]> {
    return this.load(await this.heads.list({ trigger, deleted: false }, { _id: 1 }, { limit: 0, skip: 0 }));
  }

  private async load(ids: string[]): Promise<Revision[]> {
    return Promise.all((await this.revisions.many(ids)).map(revisionOf));
  }
}

function filterOf({ namespace, collection, package: inPackage, since, upto }: Omit<EntityQuery, "limit" | "skip">): Filter<HeadDocument> {
  return {
    namespace,
    collection,
    deleted: false,
    ...(inPackage === undefined ? {} : { package: inPackage ?? "" }),
    ...between("updated", since, upto),
  };
}

async function revisionOf({ key, rev, deleted, body }: RevisionDocument): Promise<Revision> {
  return { key, rev, deleted, entity: await unpack<Entity>(body) };
}
