import type { DatabaseSync } from "node:sqlite";
import { WhiskError } from "../../core/errors";

interface Write {
  work: () => unknown;
  /** Has to be on the disk before it resolves. */
  durable: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Writes of one transaction: bounds how long the event loop stands still. */
const MAX_BATCH = 256;
/** How long a write for which nobody waits may stay for others to join it. Milliseconds. */
const PATIENCE = 5;

export interface WriteOptions {
  /** It resolves when it is on the disk. @default false */
  durable?: boolean;
  /** Nobody waits for it: it may wait for others, and share their pages. @default false */
  patient?: boolean;
}

/** What happens after a commit. */
export interface CommitHooks {
  /** Resolves when all that was committed before is on the disk; durable writes wait for it. */
  sync(): Promise<void>;
  /** Told of each commit: how many writes were in it. */
  onCommit(writes: number): void;
}

/**
 * Group commit: what is written within one turn of the event loop shares one transaction, and each write's promise
 * resolves after its commit. Order is kept. A write that fails takes no other with it.
 *
 * Writes that are not durable (activation records, acknowledgements) wait for no sync. They stay in order with all
 * others in the one log of the database, so after a power loss what is missing is always a tail: an
 * acknowledgement never survives the record that it stands for, and accepted work whose record was lost comes back.
 */
export class Batcher {
  private queue: Write[] = [];
  private scheduled = false;
  private timer?: NodeJS.Timeout;
  private closed = false;
  private readonly begin;
  private readonly commit;

  constructor(
    private readonly database: DatabaseSync,
    private readonly hooks: CommitHooks,
  ) {
    // A commit does not wait for the disk: that is for `hooks.sync`.
    database.exec("PRAGMA synchronous = NORMAL");
    this.begin = database.prepare("BEGIN IMMEDIATE");
    this.commit = database.prepare("COMMIT");
  }

  /**
   * @param work runs statements, synchronously and inside the transaction; may run again when a neighbour failed, so it
   *   must have no effect but on the database
   * @throws WhiskError 503 after close; otherwise what `work` or the database threw
   */
  write<T>(work: () => T, { durable = false, patient = false }: WriteOptions = {}): Promise<T> {
    if (this.closed) return Promise.reject(new WhiskError(503, "The store is closed: the platform is shutting down."));
    return new Promise<T>((resolve, reject) => {
      this.queue.push({ work, durable, resolve: resolve as (value: unknown) => void, reject });
      if (!patient) this.schedule();
      else this.timer ??= setTimeout(() => this.runOut(), PATIENCE);
    });
  }

  /** Commits at once what waits, so that a read finds it. */
  flush(): void {
    while (this.queue.length > 0) this.runBatch();
  }

  /** Commits what waits and takes no more. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.flush();
  }

  private runOut(): void {
    this.timer = undefined;
    this.runBatch();
    if (this.queue.length > 0) this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.runBatch();
      if (this.queue.length > 0) this.schedule();
    });
  }

  private runBatch(): void {
    if (this.queue.length === 0) return;
    const batch = this.queue.length <= MAX_BATCH ? this.queue : this.queue.slice(0, MAX_BATCH);
    this.queue = this.queue.slice(batch.length);
    if (!this.transact(batch)) for (const write of batch) this.transact([write]);
  }

  /** False: nothing was written and nobody was told, because one of several writes failed. */
  private transact(batch: Write[]): boolean {
    const results: unknown[] = [];
    try {
      this.begin.run();
      for (const { work } of batch) results.push(work());
      this.commit.run();
    } catch (error) {
      // Some failures, such as a full disk, have rolled back by themselves.
      if (this.database.isTransaction) this.database.exec("ROLLBACK");
      if (batch.length > 1) return false;
      batch[0]!.reject(error);
      return true;
    }
    this.settle(batch, results);
    this.hooks.onCommit(batch.length);
    return true;
  }

  private settle(batch: Write[], results: unknown[]): void {
    const synced = batch.some(({ durable }) => durable) ? this.hooks.sync() : undefined;
    batch.forEach(({ durable, resolve, reject }, index) => {
      if (durable) synced!.then(() => resolve(results[index]), reject);
      else resolve(results[index]);
    });
  }
}
