import { RunLostError, WhiskError } from "../../../core/errors";
import type { Completion } from "../../../core/messages";
import type { RunReply } from "./codec";

/** A run that its owner waits for. */
export interface OutstandingRun {
  /** Ties the reply to it: of one activation several messages may be on their way. */
  id: string;
  key: string;
  accepted: boolean;
  /** When it was sent, and when its completion must have come. Milliseconds since 1970. */
  since: number;
  deadline: number;
  /** The broker has it. */
  confirmed: boolean;
  resolve(completion: Completion): void;
  reject(error: Error): void;
}

/** What an owner has sent and not had an answer to. */
export class OutstandingRuns {
  private readonly runs = new Map<string, OutstandingRun>();
  private idle: (() => void)[] = [];
  /** Runs, so far, of which no outcome came. */
  lost = 0;

  add(run: OutstandingRun): void {
    this.runs.set(run.id, run);
  }

  get(id: string): OutstandingRun | undefined {
    return this.runs.get(id);
  }

  get size(): number {
    return this.runs.size;
  }

  [Symbol.iterator](): Iterator<OutstandingRun> {
    return this.runs.values();
  }

  /** Answers of which nobody is in wait any more are dropped: what they tell is in the store. */
  settle(id: string | undefined, reply: RunReply): void {
    const run = id === undefined ? undefined : this.take(id);
    if (!run) return;
    if (reply.kind === "refused") run.reject(new WhiskError(reply.status, reply.message));
    else if (reply.kind === "lost") this.giveUp(run, reply.reason);
    else run.resolve(reply);
  }

  fail(id: string, error: Error): void {
    this.take(id)?.reject(error);
  }

  /** Gives up those of which the end cannot be known. */
  lose(reason: string, which: (run: OutstandingRun) => boolean): void {
    for (const run of [...this.runs.values()]) {
      if (!which(run)) continue;
      this.take(run.id);
      this.giveUp(run, reason);
    }
  }

  /** Resolves when nothing is outstanding. */
  drained(): Promise<void> {
    return this.runs.size === 0 ? Promise.resolve() : new Promise((resolve) => this.idle.push(resolve));
  }

  private giveUp(run: OutstandingRun, reason: string): void {
    this.lost++;
    run.reject(new RunLostError(reason));
  }

  private take(id: string): OutstandingRun | undefined {
    const run = this.runs.get(id);
    if (!run) return undefined;
    this.runs.delete(id);
    if (this.runs.size === 0) for (const done of this.idle.splice(0)) done();
    return run;
  }
}
