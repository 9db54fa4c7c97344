import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ActivationId } from "../../core/ids";
import { type Activation, listedName } from "../../core/model/activation";
import type { ActivationQuery, ActivationStore } from "../../core/ports/store";
import type { Batcher } from "./batcher";
import { EARLIEST, LATEST } from "./times";

/** Records removed in one transaction: others get their turn in between. */
const PRUNE_SLICE = 200;

/**
 * Each record is one JSON text, beside the columns by which it is found. An insert waits for no sync: see
 * {@link Batcher} for why no promise hangs on that.
 */
export class SqliteActivations implements ActivationStore {
  /** JSON of records that are not committed yet. */
  private readonly pending = new Map<ActivationId, string>();
  private readonly insertRecord: StatementSync;
  private readonly selectRecord: StatementSync;
  private readonly selectList: { any: StatementSync; named: StatementSync };
  private readonly selectCount: { any: StatementSync; named: StatementSync };
  private readonly selectEnded: StatementSync;
  private readonly selectOwned: StatementSync;
  private readonly deleteRecord: StatementSync;
  private readonly deleteStarts: StatementSync;
  private readonly deleteEnds: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly batcher: Batcher,
  ) {
    this.insertRecord = database.prepare(
      "INSERT OR IGNORE INTO activations (id, namespace, name, start, ended, record) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.selectRecord = database.prepare("SELECT namespace, record FROM activations WHERE id = ?");
    const any = "namespace = :namespace AND start BETWEEN :since AND :upto";
    const named = `${any} AND name = :name`;
    const list = (filter: string) =>
      database.prepare(`SELECT record FROM activations WHERE ${filter} ORDER BY start DESC, n DESC LIMIT :limit OFFSET :skip`);
    const count = (filter: string) => database.prepare(`SELECT count(*) AS total FROM activations WHERE ${filter}`);
    this.selectList = { any: list(any), named: list(named) };
    this.selectCount = { any: count(any), named: count(named) };
    this.selectEnded = database.prepare(`SELECT n, id FROM activations WHERE ended < ? ORDER BY ended LIMIT ${PRUNE_SLICE}`);
    this.selectOwned = database.prepare(`SELECT n, id FROM activations WHERE namespace = ? AND start <= ? LIMIT ${PRUNE_SLICE}`);
    this.deleteRecord = database.prepare("DELETE FROM activations WHERE n = ?");
    this.deleteStarts = database.prepare("DELETE FROM starts WHERE id = ?");
    this.deleteEnds = database.prepare("DELETE FROM attempt_ends WHERE id = ?");
  }

  insert(record: Activation, { awaited = true }: { awaited?: boolean } = {}): Promise<boolean> {
    const { activationId: id, namespace, start, end } = record;
    const json = JSON.stringify(record);
    const name = listedName(record);
    if (!this.pending.has(id)) this.pending.set(id, json);
    const inserted = this.batcher.write(() => this.insertRecord.run(id, namespace, name, start, end, json).changes === 1, { patient: !awaited });
    const settled = () => {
      if (this.pending.get(id) === json) this.pending.delete(id);
    };
    inserted.then(settled, settled);
    return inserted;
  }

  async get(namespace: string, id: ActivationId): Promise<Activation | undefined> {
    const stored = this.selectRecord.get(id) as { namespace: string; record: string } | undefined;
    if (stored) return stored.namespace === namespace ? (JSON.parse(stored.record) as Activation) : undefined;
    const pending = this.pending.get(id);
    const record = pending === undefined ? undefined : (JSON.parse(pending) as Activation);
    return record?.namespace === namespace ? record : undefined;
  }

  async list(query: ActivationQuery): Promise<Activation[]> {
    this.batcher.flush();
    const { filter, values } = conditionsOf(query);
    const rows = this.selectList[filter].all({ ...values, limit: query.limit || -1, skip: query.skip });
    return rows.map(({ record }) => JSON.parse(record as string) as Activation);
  }

  async count(query: Omit<ActivationQuery, "limit" | "skip">): Promise<number> {
    this.batcher.flush();
    const { filter, values } = conditionsOf(query);
    return (this.selectCount[filter].get(values) as { total: number }).total;
  }

  prune(endedBefore: number): Promise<number> {
    return this.removeAll(this.selectEnded, endedBefore);
  }

  purge(namespace: string, startedUpTo: number): Promise<number> {
    return this.removeAll(this.selectOwned, namespace, startedUpTo);
  }

  private async removeAll(select: StatementSync, ...which: (number | string)[]): Promise<number> {
    let removed = 0;
    for (;;) {
      const slice = await this.batcher.write(() => this.removeSlice(select, which));
      removed += slice;
      if (slice < PRUNE_SLICE) return removed;
    }
  }

  private removeSlice(select: StatementSync, which: (number | string)[]): number {
    const rows = select.all(...which) as unknown as { n: number; id: string }[];
    for (const { n, id } of rows) {
      this.deleteRecord.run(n);
      this.deleteStarts.run(id);
      this.deleteEnds.run(id);
    }
    return rows.length;
  }
}

function conditionsOf(query: Omit<ActivationQuery, "limit" | "skip">) {
  const { namespace, name, since = EARLIEST, upto = LATEST } = query;
  const values = { namespace, since, upto };
  return name === undefined ? { filter: "any" as const, values } : { filter: "named" as const, values: { ...values, name } };
}
