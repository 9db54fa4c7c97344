import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Entity } from "../../core/model/entities";
import type { EntityQuery, EntityStore, Revision } from "../../core/ports/store";
import type { Batcher } from "./batcher";
import { EARLIEST, LATEST } from "./times";

interface Row {
  key: string;
  rev: number;
  deleted: number;
  entity: string;
}

type PackageFilter = "any" | "none" | "one";

/** Revisions under their unique number; `heads` points at the newest of each key and carries what lists need. */
export class SqliteEntities implements EntityStore {
  private readonly insert: StatementSync;
  private readonly moveHead: StatementSync;
  private readonly selectHead: StatementSync;
  private readonly selectRevision: StatementSync;
  private readonly selectRules: StatementSync;
  private readonly selectList: Record<PackageFilter, StatementSync>;
  private readonly selectCount: Record<PackageFilter, StatementSync>;

  constructor(
    database: DatabaseSync,
    private readonly batcher: Batcher,
  ) {
    const fromHeads = "SELECT r.* FROM heads h JOIN revisions r ON r.key = h.key AND r.rev = h.rev";
    this.insert = database.prepare("INSERT OR IGNORE INTO revisions (key, rev, deleted, entity) VALUES (?, ?, ?, ?)");
    this.moveHead = database.prepare(`
      INSERT INTO heads (key, rev, deleted, collection, namespace, package, updated, trigger) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET rev = excluded.rev, deleted = excluded.deleted, collection = excluded.collection,
        namespace = excluded.namespace, package = excluded.package, updated = excluded.updated, trigger = excluded.trigger
      WHERE excluded.rev > heads.rev`);
    this.selectHead = database.prepare(`${fromHeads} WHERE h.key = ?`);
    this.selectRevision = database.prepare("SELECT * FROM revisions WHERE key = ? AND rev = ?");
    this.selectRules = database.prepare(`${fromHeads} WHERE h.trigger = ? AND NOT h.deleted ORDER BY h.key`);
    const list = (filter: string) =>
      database.prepare(`${fromHeads} WHERE ${filter} ORDER BY h.updated DESC, h.rowid DESC LIMIT :limit OFFSET :skip`);
    const count = (filter: string) => database.prepare(`SELECT count(*) AS n FROM heads h WHERE ${filter}`);
    this.selectList = { any: list(FILTERS.any), none: list(FILTERS.none), one: list(FILTERS.one) };
    this.selectCount = { any: count(FILTERS.any), none: count(FILTERS.none), one: count(FILTERS.one) };
  }

  async head(key: string): Promise<Revision | undefined> {
    return revisionOf(this.selectHead.get(key));
  }

  async revision(key: string, rev: number): Promise<Revision | undefined> {
    return revisionOf(this.selectRevision.get(key, rev));
  }

  append({ key, rev, deleted, entity }: Revision): Promise<boolean> {
    const json = JSON.stringify(entity);
    const { collection, namespace, updated } = entity;
    const trigger = entity.collection === "rules" ? entity.trigger : null;
    const flag = deleted ? 1 : 0;
    const work = () => {
      if (this.insert.run(key, rev, flag, json).changes === 0) return false;
      this.moveHead.run(key, rev, flag, collection, namespace, entity.package ?? null, updated, trigger);
      return true;
    };
    return this.batcher.write(work, { durable: true });
  }

  async list(query: EntityQuery): Promise<Revision[]> {
    const { filter, values } = conditionsOf(query);
    const rows = this.selectList[filter].all({ ...values, limit: query.limit || -1, skip: query.skip });
    return rows.map((row) => revisionOf(row)!);
  }

  async count(query: Omit<EntityQuery, "limit" | "skip">): Promise<number> {
    const { filter, values } = conditionsOf(query);
    return (this.selectCount[filter].get(values) as { n: number }).n;
  }

  async rulesOf(trigger: string): Promise<Revision[]> {
    return this.selectRules.all(trigger).map((row) => revisionOf(row)!);
  }
}

const LISTED = "h.namespace = :namespace AND h.collection = :collection AND NOT h.deleted AND h.updated BETWEEN :since AND :upto";
const FILTERS: Record<PackageFilter, string> = {
  any: LISTED,
  none: `${LISTED} AND h.package IS NULL`,
  one: `${LISTED} AND h.package = :package`,
};

function conditionsOf(query: Omit<EntityQuery, "limit" | "skip">) {
  const { namespace, collection, since = EARLIEST, upto = LATEST } = query;
  const values = { namespace, collection, since, upto };
  if (query.package === undefined) return { filter: "any" as const, values };
  if (query.package === null) return { filter: "none" as const, values };
  return { filter: "one" as const, values: { ...values, package: query.package } };
}

function revisionOf(row: unknown): Revision | undefined {
  if (!row) return undefined;
  const { key, rev, deleted, entity } = row as Row;
  return { key, rev, deleted: deleted === 1, entity: JSON.parse(entity) as Entity };
}
