import type { Filter, Sort } from "mongodb";
import type { ActivationId } from "../../core/ids";
import { type Activation, listedName } from "../../core/model/activation";
import type { ActivationQuery, ActivationStore } from "../../core/ports/store";
import { InsertBatcher } from "./batcher";
import { pack, sizeOf, unpack } from "./body";
import type { Documents } from "./documents";
import { closedError } from "./errors";
import { between } from "./queries";
import type { ActivationDocument, Collections, EndDocument, StartDocument } from "./schema";

/** Records removed at a time. */
const PRUNE_SLICE = 500;

interface Pending {
  namespace: string;
  json: string;
  inserted: Promise<boolean>;
}

/** Each record is one JSON text, beside the columns by which it is found. Inserts are batched. */
export class MongoActivations implements ActivationStore {
  readonly lag = 250;
  private readonly records: Documents<ActivationDocument>;
  private readonly starts: Documents<StartDocument>;
  private readonly ends: Documents<EndDocument>;
  private readonly batcher: InsertBatcher<ActivationDocument>;
  /** What is not acknowledged yet: at most one of an id. */
  private readonly pending = new Map<ActivationId, Pending>();
  private closed = false;

  constructor({ activations, starts, ends }: Pick<Collections, "activations" | "starts" | "ends">) {
    this.records = activations;
    this.starts = starts;
    this.ends = ends;
    this.batcher = new InsertBatcher((documents) => this.records.insertEach(documents));
  }

  /** When it rejects, the record may be there all the same: offered again it is then not the first. */
  insert(record: Activation, { awaited = true }: { awaited?: boolean } = {}): Promise<boolean> {
    if (this.closed) return Promise.reject(closedError());
    return this.offer(documentOf(record), JSON.stringify(record), !awaited);
  }

  async get(namespace: string, id: ActivationId): Promise<Activation | undefined> {
    // Taken first: it may be acknowledged, and no longer pending, while the database looks.
    const pending = this.pending.get(id);
    const stored = await this.records.get(id);
    if (stored) return stored.namespace === namespace ? unpack<Activation>(stored.body) : undefined;
    return pending?.namespace === namespace ? (JSON.parse(pending.json) as Activation) : undefined;
  }

  async list({ limit, skip, ...query }: ActivationQuery): Promise<Activation[]> {
    await this.flush();
    const found = await this.records.page(filterOf(query), { start: -1, _id: -1 }, { limit, skip });
    return Promise.all(found.map(({ body }) => unpack<Activation>(body)));
  }

  async count(query: Omit<ActivationQuery, "limit" | "skip">): Promise<number> {
    await this.flush();
    return this.records.count(filterOf(query));
  }

  prune(endedBefore: number): Promise<number> {
    return this.removeAll({ ended: { $lt: new Date(endedBefore) } }, { ended: 1 });
  }

  purge(namespace: string, startedUpTo: number): Promise<number> {
    return this.removeAll({ namespace, start: { $lte: startedUpTo } }, { start: -1, _id: -1 });
  }

  private async removeAll(filter: Filter<ActivationDocument>, sort: Sort): Promise<number> {
    await this.flush();
    let removed = 0;
    for (;;) {
      const found = await this.records.columns(filter, sort, ["_id"], { limit: PRUNE_SLICE, skip: 0 });
      const ids = found.map(({ _id }) => _id);
      if (ids.length === 0) return removed;
      // Records last: what finds a start without its record takes the run for a lost one.
      await this.starts.remove({ activation: { $in: ids } });
      await this.ends.remove({ activation: { $in: ids } });
      removed += await this.records.remove({ _id: { $in: ids } });
    }
  }

  /** Takes no more. Resolves when what was taken is written, or has failed. */
  async close(): Promise<void> {
    this.closed = true;
    await this.flush();
  }

  /** Resolves when all that was inserted before is written, or has failed. */
  private async flush(): Promise<void> {
    this.batcher.hurry();
    if (this.pending.size > 0) await Promise.allSettled([...this.pending.values()].map(({ inserted }) => inserted));
  }

  private offer(document: Omit<ActivationDocument, "body">, json: string, patient: boolean): Promise<boolean> {
    const { _id: id, namespace } = document;
    const before = this.pending.get(id);
    // The earlier one must win, since `get` has shown it, and batches that are under way at the same time keep no order.
    if (before) return before.inserted.then(() => false, () => this.offer(document, json, patient));
    const inserted = this.write(document, json, patient);
    this.pending.set(id, { namespace, json, inserted });
    const settled = () => this.pending.delete(id);
    inserted.then(settled, settled);
    return inserted;
  }

  private write(document: Omit<ActivationDocument, "body">, json: string, patient: boolean): Promise<boolean> {
    const body = pack(json);
    if (body instanceof Promise) return body.then((packed) => this.batcher.insert({ ...document, body: packed }, { bytes: sizeOf(packed), patient }));
    return this.batcher.insert({ ...document, body }, { bytes: sizeOf(body), patient });
  }
}

function documentOf(record: Activation): Omit<ActivationDocument, "body"> {
  const { activationId, namespace, start, end } = record;
  return { _id: activationId, namespace, name: listedName(record), start, ended: new Date(end) };
}

function filterOf({ namespace, name, since, upto }: Omit<ActivationQuery, "limit" | "skip">): Filter<ActivationDocument> {
  return { namespace, ...(name === undefined ? {} : { name }), ...between("start", since, upto) };
}
