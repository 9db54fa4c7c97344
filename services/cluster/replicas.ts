import type { ChildProcess } from "node:child_process";
import { messageOf } from "../core/errors";
import type { Logger } from "../core/owner/context";
import type { ProcessReport } from "../process/service";

export interface ReplicasOptions {
  /** Of one of them, for the log. */
  role: string;
  count: number;
  launch(): ChildProcess;
  logger: Logger;
  /** Milliseconds before one that has ended is started again; doubled while it goes on ending soon. @default 200 to 10000 */
  pause?: { first: number; most: number };
  /** Milliseconds that one may take to end in order. @default 65000 */
  endLimit?: number;
}

const PAUSE = { first: 200, most: 10_000 };
/** One that lived for so long has not failed to start. Milliseconds. */
const STABLE = 10_000;
const END_LIMIT = 65_000;

/** Keeps a number of processes running: one that ends is started again. */
export class Replicas {
  private readonly running = new Set<ChildProcess>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopping = false;

  constructor(private readonly options: ReplicasOptions) {}

  /**
   * Starts them. Resolves when all of them serve.
   *
   * @throws Error with what the first one says that does not
   */
  async start(): Promise<void> {
    await Promise.all(Array.from({ length: this.options.count }, () => this.run(0, true)));
  }

  get pids(): number[] {
    return [...this.running].flatMap(({ pid }) => pid ?? []);
  }

  /** Asks all to end and waits until they have; those that take too long are ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all([...this.running].map((child) => end(child, this.options.endLimit ?? END_LIMIT)));
  }

  /** One process and those that follow it. Resolves when it serves. */
  private run(failures: number, first: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const { role, logger } = this.options;
      const child = this.options.launch();
      const begun = Date.now();
      let serving = false;
      let reason = "";
      const onEnd = (how: string) => {
        if (!this.running.delete(child)) return;
        reason ||= how;
        if (first && !serving) return reject(new Error(reason));
        if (this.stopping) return;
        const wait = this.again(serving && Date.now() - begun > STABLE ? 0 : failures + 1);
        logger.error({ role, pid: child.pid, reason, wait }, "a process of the platform has ended and is started again");
      };
      this.running.add(child);
      child.once("exit", (code, signal) => onEnd(signal ? `ended by ${signal}` : `ended with code ${code}`));
      child.on("error", (error) => {
        // One that could not even be made has no end.
        if (child.pid === undefined) onEnd(messageOf(error));
      });
      child.on("message", (report: ProcessReport) => {
        if (report.kind === "failed") reason = report.message;
        if (report.kind !== "serving") return;
        serving = true;
        resolve();
      });
    });
  }

  /** @returns milliseconds until then */
  private again(failures: number): number {
    const { first, most } = this.options.pause ?? PAUSE;
    const wait = Math.min(first * 2 ** Math.max(0, failures - 1), most);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.run(failures, false);
    }, wait);
    this.timers.add(timer);
    return wait;
  }
}

function end(child: ChildProcess, limit: number): Promise<void> {
  return new Promise((resolve) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return resolve();
    const timer = setTimeout(() => child.kill("SIGKILL"), limit);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
