import { Worker } from "node:worker_threads";

/** Writes after which the log is carried over into the database. About four pages each: 16 MB of log. */
const WRITES_PER_CHECKPOINT = 1_000;

/**
 * The whole program of the thread, as text so that it needs no file of its own in a bundle. A passive checkpoint waits
 * for nobody and nobody waits for it. The log starts over only if a checkpoint reached its very end; under load each
 * pass leaves what came during the pass, which is less each time.
 */
const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
const { DatabaseSync } = require("node:sqlite");
const database = new DatabaseSync(workerData.file);
database.exec("PRAGMA synchronous = NORMAL");
const checkpoint = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
parentPort.on("message", (message) => {
  if (message === "close") {
    database.close();
    parentPort.close();
    return;
  }
  for (let pass = 0; pass < 8; pass++) {
    const { busy, log, checkpointed } = checkpoint.get();
    if (busy || log === checkpointed) break;
  }
  parentPort.postMessage("done");
});
`;

/**
 * Carries the log over into the database in a thread of its own, so that the event loop does not stand still for the
 * copying and the fsyncs. The thread begins with the first checkpoint: a platform with little to do has none.
 * If it cannot work, SQLite does the same inside a commit as soon as the log is large (`wal_autocheckpoint`).
 */
export class Checkpointer {
  private writes = 0;
  private busy = false;
  private failed = false;
  private worker?: Worker;

  constructor(private readonly file: string) {}

  /** To be told of each commit: how many writes were in it. */
  committed(writes: number): void {
    this.writes += writes;
    if (this.writes < WRITES_PER_CHECKPOINT || this.busy || this.failed) return;
    this.writes = 0;
    this.busy = true;
    this.worker ??= this.start();
    this.worker.postMessage("checkpoint");
  }

  /** Resolves when the thread has let go of the database. */
  async close(): Promise<void> {
    const { worker } = this;
    if (!worker || this.failed) return;
    // From here on the process waits for it, even if it has nothing else to do.
    worker.ref();
    const gone = new Promise((resolve) => worker.once("exit", resolve));
    worker.postMessage("close");
    await gone;
  }

  private start(): Worker {
    const worker = new Worker(PROGRAM, { eval: true, workerData: { file: this.file }, name: "checkpoints", execArgv: [], env: {} });
    worker.unref();
    worker.on("message", () => {
      this.busy = false;
      // Enough may have come meanwhile.
      this.committed(0);
    });
    worker.on("error", () => (this.failed = true));
    worker.on("exit", () => (this.failed = true));
    return worker;
  }
}
