/** Bounds of one exchange with the database. */
const MAX_BATCH = 500;
const MAX_BYTES = 8 * 1024 * 1024;
/** Exchanges at the same time: while these are under way, what comes gathers for the next. */
const MAX_UNDER_WAY = 4;
/** How long a document for which nobody waits may stay for others to join it. Milliseconds. */
const PATIENCE = 20;

interface Waiting<D> {
  document: D;
  bytes: number;
  resolve(inserted: boolean): void;
  reject(error: unknown): void;
}

/** Inserts each for itself. Answers for each whether it was inserted (false: there is one of that id) or why it could not be. */
export type InsertEach<D> = (documents: D[]) => Promise<(boolean | Error)[]>;

/**
 * Inserts that come within one turn of the event loop, or while others are under way, share one exchange with the
 * database. One that fails takes no other with it, unless the exchange failed as a whole.
 */
export class InsertBatcher<D> {
  private queue: Waiting<D>[] = [];
  private scheduled = false;
  private timer?: NodeJS.Timeout;
  private underWay = 0;

  constructor(private readonly insertEach: InsertEach<D>) {}

  /**
   * Resolves when it is durable, to false if there is one of that id.
   *
   * @param options.bytes about what the document has
   * @param options.patient nobody waits for it: it may wait for others. @default false
   * @throws why it could not be inserted; when the database went away meanwhile, it may be there all the same
   */
  insert(document: D, { bytes = 0, patient = false }: { bytes?: number; patient?: boolean } = {}): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.queue.push({ document, bytes, resolve, reject });
      if (!patient) this.schedule();
      else this.timer ??= setTimeout(() => this.hurry(), PATIENCE);
    });
  }

  /** Nobody waits any longer for others to join. */
  hurry(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.queue.length > 0) this.schedule();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.send();
    });
  }

  private send(): void {
    while (this.queue.length > 0 && this.underWay < MAX_UNDER_WAY) {
      this.underWay++;
      void this.exchange(this.nextBatch()).finally(() => {
        this.underWay--;
        if (this.queue.length > 0) this.schedule();
      });
    }
  }

  private nextBatch(): Waiting<D>[] {
    let count = 0;
    for (let bytes = 0; count < this.queue.length && count < MAX_BATCH; count++) {
      bytes += this.queue[count]!.bytes;
      if (count > 0 && bytes > MAX_BYTES) break;
    }
    const batch = this.queue.slice(0, count);
    this.queue = this.queue.slice(count);
    return batch;
  }

  private async exchange(batch: Waiting<D>[]): Promise<void> {
    try {
      const outcomes = await this.insertEach(batch.map(({ document }) => document));
      batch.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index]!;
        if (typeof outcome === "boolean") resolve(outcome);
        else reject(outcome);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
