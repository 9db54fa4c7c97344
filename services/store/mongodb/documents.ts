import { type Collection, type Filter, MongoBulkWriteError, type OptionalUnlessRequiredId, type Sort, type WithoutId } from "mongodb";
import { DUPLICATE_KEY, isDuplicate, translated, unanswered } from "./errors";
import type { Reach } from "./reach";

export interface Page {
  /** At most so many; 0: no bound. */
  limit: number;
  skip: number;
}

/** Documents read by their ids in one exchange. */
const READ_SLICE = 500;

/** One collection, as far as this adapter needs it. Every failure to reach the database is a WhiskError 503. */
export class Documents<D extends { _id: string }> {
  constructor(
    private readonly collection: Collection<D>,
    private readonly reach: Pick<Reach, "ask" | "waitFor">,
  ) {}

  async get(id: string): Promise<D | undefined> {
    return this.reach.ask(async () => ((await this.collection.findOne({ _id: id } as Filter<D>)) as D | null) ?? undefined);
  }

  async first(filter: Filter<D>): Promise<D | undefined> {
    return this.reach.ask(async () => ((await this.collection.findOne(filter)) as D | null) ?? undefined);
  }

  /** False, and nothing changed, if there is one of that id. */
  async insert(document: D): Promise<boolean> {
    try {
      await this.reach.waitFor(this.collection.insertOne(document as OptionalUnlessRequiredId<D>));
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw translated(error);
    }
  }

  /**
   * Inserts each for itself, in one exchange. Answers for each whether it was inserted (false: there is one of that id) or
   * why it could not be.
   *
   * @throws what concerns them all
   */
  async insertEach(documents: D[]): Promise<(boolean | Error)[]> {
    try {
      await this.reach.waitFor(this.collection.insertMany(documents as OptionalUnlessRequiredId<D>[], { ordered: false }));
      return documents.map(() => true);
    } catch (error) {
      if (error instanceof MongoBulkWriteError) return outcomesOf(error, documents.length);
      throw translated(error);
    }
  }

  /** Puts it there, in the place of what has its id and matches. False: what has its id does not match. */
  async put(document: D, condition: Filter<D> = {}): Promise<boolean> {
    const { _id, ...rest } = document;
    // Two at the same time may both find none and insert: the later one then finds the other's.
    for (let attempt = 1; ; attempt++) {
      try {
        await this.reach.waitFor(this.collection.replaceOne({ _id, ...condition } as Filter<D>, rest as unknown as WithoutId<D>, { upsert: true }));
        return true;
      } catch (error) {
        if (!isDuplicate(error)) throw translated(error);
        if (attempt === 2) return false;
      }
    }
  }

  /** Puts it in the place of what has its id and matches. False: nothing does. */
  async replace(document: D, condition: Filter<D>): Promise<boolean> {
    const { _id, ...rest } = document;
    const filter = { _id, ...condition } as Filter<D>;
    return this.reach.ask(async () => (await this.collection.replaceOne(filter, rest as unknown as WithoutId<D>)).matchedCount === 1);
  }

  /** Values of an index for one page. The index has to hold all of `filter`, `sort` and `columns`. */
  async columns<K extends keyof D & string>(filter: Filter<D>, sort: Sort, columns: readonly K[], { limit, skip }: Page): Promise<Pick<D, K>[]> {
    const projection = Object.fromEntries([["_id", 0], ...columns.map((column) => [column, 1])]) as Record<string, 0 | 1>;
    return this.reach.ask(() => this.collection.find(filter, { projection, sort, skip, limit }).toArray() as unknown as Promise<Pick<D, K>[]>);
  }

  /** Those that are there, in the order of the ids. */
  async many(ids: readonly string[]): Promise<D[]> {
    const found = new Map<string, D>();
    for (let from = 0; from < ids.length; from += READ_SLICE) {
      const filter = { _id: { $in: ids.slice(from, from + READ_SLICE) } } as unknown as Filter<D>;
      for (const document of (await this.reach.ask(() => this.collection.find(filter).toArray())) as D[]) found.set(document._id, document);
    }
    return ids.map((id) => found.get(id)).filter((document) => document !== undefined);
  }

  /**
   * A page of whole documents. The ids come first, from the index alone: skipped documents, which may be large, are
   * never loaded, so a page far behind costs about what the first one does. The database by itself may load each
   * document before it skips it.
   */
  async page(filter: Filter<D>, sort: Sort, page: Page): Promise<D[]> {
    const ids = await this.columns(filter, sort, ["_id"], page);
    return this.many(ids.map(({ _id }) => _id));
  }

  async all(): Promise<D[]> {
    return this.reach.ask(async () => (await this.collection.find().toArray()) as D[]);
  }

  async count(filter: Filter<D>): Promise<number> {
    return this.reach.ask(() => this.collection.countDocuments(filter));
  }

  /** Answers how many were removed. */
  async remove(filter: Filter<D>): Promise<number> {
    return this.reach.ask(async () => (await this.collection.deleteMany(filter)).deletedCount);
  }

  /** False: there was none. Of several at the same time one is told that it was there. */
  async removeOne(id: string): Promise<boolean> {
    return this.reach.ask(async () => (await this.collection.deleteOne({ _id: id } as Filter<D>)).deletedCount === 1);
  }
}

/**
 * What became of each document. Only what the server has counted is taken for inserted.
 *
 * @throws when that is not known: the driver brings a lost connection, too, in this form, without a word on any document
 */
function outcomesOf(error: MongoBulkWriteError, documents: number): (boolean | Error)[] {
  const failures = [error.writeErrors].flat();
  // Not acknowledged by those who must have it: then nothing can be promised, not even that another was first.
  if (error.result?.getWriteConcernError()) throw unanswered(error);
  if (failures.length === 0 || failures.length + error.insertedCount !== documents) {
    const wrapped: unknown = error.errorResponse;
    throw translated(wrapped instanceof Error ? wrapped : error);
  }
  const outcomes: (boolean | Error)[] = Array.from({ length: documents }, () => true);
  for (const { index, code, errmsg } of failures) outcomes[index] = code === DUPLICATE_KEY ? false : new Error(`The database refused a document: ${errmsg}`);
  return outcomes;
}
