import { close, closeSync, fdatasync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../../core/errors";

const syncData = promisify(fdatasync);
const closeFile = promisify(close);

/**
 * Brings what was committed to the disk without the event loop standing still: SQLite itself would call fsync inside
 * the commit (`synchronous = FULL`), which took 0.2 ms alone and up to 0.3 s while others used the same disk.
 *
 * What makes it the same: in WAL mode a commit is durable once the log is synced up to it, whoever calls fsync; the log
 * stays one file as long as the database is open; a checkpoint syncs it before the log starts over; and
 * SQLite takes no locks on this file that closing another descriptor of it could drop.
 */
export class LogSync {
  private descriptor?: number;
  private current: Promise<void> = Promise.resolve();
  private following?: Promise<void>;
  private failure?: Error;

  /** @param file the database */
  constructor(private readonly file: string) {}

  /** Resolves when all that was committed before this call is on the disk. Those who come while a sync runs share the next. */
  sync(): Promise<void> {
    return (this.following ??= this.afterCurrent());
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.following?.catch(() => {});
    await this.current.catch(() => {});
    if (this.descriptor !== undefined) await closeFile(this.descriptor);
    this.descriptor = undefined;
  }

  /** What runs has perhaps begun before the latest commit, so it does not count. */
  private async afterCurrent(): Promise<void> {
    await this.current.catch(() => {});
    this.following = undefined;
    this.current = this.run();
    await this.current;
  }

  /**
   * After a failure the system may hold for written what it has dropped, and a log with a hole ends there: no later sync
   * could make up for it, and nothing more may be promised until the log is read anew.
   */
  private async run(): Promise<void> {
    if (this.failure) throw this.failure;
    this.descriptor ??= this.open();
    try {
      await syncData(this.descriptor);
    } catch (error) {
      this.failure = new Error(`The database's log could not be brought to the disk; restart the platform: ${messageOf(error)}`, { cause: error });
      throw this.failure;
    }
  }

  /** The log exists since the first commit; its name in the directory has to last as well. */
  private open(): number {
    const directory = openSync(dirname(this.file), "r");
    fsyncSync(directory);
    closeSync(directory);
    return openSync(`${this.file}-wal`, "r+");
  }
}
