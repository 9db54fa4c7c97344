import { messageOf } from "../core/errors";
import type { Logger } from "../core/owner/context";

export interface SweeperOptions {
  /** Removes records that ended before, milliseconds since 1970; answers how many. */
  prune(endedBefore: number): Promise<number>;
  /** Milliseconds for which records are kept after their end. */
  retention: number;
  /** Milliseconds from the end of a sweep to the next one. @default a tenth of the retention, but at least a second and at most an hour */
  interval?: number;
  /**
   * When the oldest work was accepted that is not done, milliseconds since 1970; undefined: all is done. Such work goes on
   * where its records end, so these stay, however old. @default all is done
   */
  unfinishedSince?(): Promise<number | undefined>;
  /** Milliseconds since 1970. */
  now(): number;
  logger: Logger;
  /** Calls back after so many milliseconds, unless what it returned is called before. @default a timer that keeps no process alive */
  after?(milliseconds: number, callback: () => void): () => void;
}

const [SECOND, HOUR] = [1_000, 3_600_000];

/** Removes records that are older than they have to be kept: at once when it is started, and then again and again. */
export class Sweeper {
  private readonly interval: number;
  private cancel = () => {};
  private sweeping = Promise.resolve();
  private closed = false;

  constructor(private readonly options: SweeperOptions) {
    this.interval = options.interval ?? Math.min(HOUR, Math.max(SECOND, options.retention / 10));
  }

  start(): void {
    if (this.closed) return;
    const { after = unrefTimer } = this.options;
    this.sweeping = this.sweep().then(() => {
      if (!this.closed) this.cancel = after(this.interval, () => this.start());
    });
  }

  /** Resolves when no sweep is under way any more. */
  async close(): Promise<void> {
    this.closed = true;
    this.cancel();
    await this.sweeping;
  }

  /** Never rejects: what could not be removed is there the next time. */
  private async sweep(): Promise<void> {
    const { prune, retention, unfinishedSince, now, logger } = this.options;
    try {
      const unfinished = (await unfinishedSince?.()) ?? Infinity;
      const records = await prune(Math.min(now() - retention, unfinished));
      if (records > 0) logger.info({ records }, "records that were kept long enough are removed");
    } catch (error) {
      logger.error({ error: messageOf(error) }, "old records could not be removed");
    }
  }
}

function unrefTimer(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds).unref();
  return () => clearTimeout(timer);
}
