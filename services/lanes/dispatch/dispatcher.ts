import { messageOf } from "../../core/errors";
import type { AcceptedMessage } from "../../core/messages";
import type { AcceptedLog } from "../../core/ports/lanes";
import { FairQueue } from "./fairQueue";

export interface DispatcherOptions {
  /** Handlers that work at the same time. @default 64 */
  concurrency?: number;
  /** Milliseconds before the second delivery; doubled for each further one. @default 100 */
  pause?: number;
  /** Milliseconds that the pause does not exceed. @default 10_000 */
  maxPause?: number;
  timers?: Timers;
  /** Told of each handler that rejected. */
  onFailure?: (message: string, detail: { activationId: string; transactionId: string; deliveries: number }) => void;
}

export interface Timers {
  /** Calls back after so many milliseconds, unless what it returned is called before. */
  after(milliseconds: number, callback: () => void): () => void;
}

export type Handler = Parameters<AcceptedLog["consume"]>[0];

/** An entry of an accepted log on its way to the handler. */
export interface Assignment {
  readonly namespace: string;
  /** Some process may have had it in hand before. */
  readonly redelivered: boolean;
  /** Its turn has come. @returns undefined when it is no longer this process's to handle */
  take(): AcceptedMessage | undefined;
  /** Its handler has succeeded: it leaves the log. It is handled again if this rejects. */
  done(): Promise<void>;
  /** Its handler has rejected: it waits for another turn. */
  again?(): void;
}

interface Turn {
  assignment: Assignment;
  /** To the handler of this process. */
  deliveries: number;
}

/**
 * A namespace gets a further handler while it has fewer than so many times those that are free. So one alone has nearly
 * all of them, and yet a newcomer need not wait until one of another's long runs ends.
 */
const GREED = 8;

const systemTimers: Timers = {
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Hands entries of an accepted log to its handler: a bounded number at a time, fairly, and again when it rejects. */
export class Dispatcher {
  private readonly concurrency: number;
  private readonly pause: number;
  private readonly maxPause: number;
  private readonly timers: Timers;
  private readonly ready = new FairQueue<Turn>();
  private readonly pauses = new Set<() => void>();
  private readonly underWay = new Set<Promise<unknown>>();
  private running = 0;
  /** Handlers that work, by namespace. */
  private readonly inHand = new Map<string, number>();
  private handler?: Handler;
  private closed = false;

  constructor(private readonly options: DispatcherOptions = {}) {
    this.concurrency = options.concurrency ?? 64;
    this.pause = options.pause ?? 100;
    this.maxPause = options.maxPause ?? 10_000;
    this.timers = options.timers ?? systemTimers;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  add(assignment: Assignment): void {
    this.enqueue({ assignment, deliveries: 0 });
  }

  /** @throws Error when there is a handler already */
  start(handler: Handler): void {
    if (this.handler) throw new Error("The accepted log has a consumer already.");
    this.handler = handler;
    this.deliver();
  }

  /** Closing waits for this as well. */
  track(work: Promise<unknown>): void {
    this.underWay.add(work);
    const done = () => this.underWay.delete(work);
    work.then(done, done);
  }

  /** Takes no more entries to the handler, waits for those that are under way. */
  async close(): Promise<void> {
    this.closed = true;
    for (const cancel of this.pauses) cancel();
    this.pauses.clear();
    while (this.underWay.size > 0) await Promise.allSettled(this.underWay);
  }

  private enqueue(turn: Turn): void {
    this.ready.push(turn.assignment.namespace, turn);
    this.deliver();
  }

  private deliver(): void {
    const { handler } = this;
    if (!handler) return;
    while (!this.closed && this.running < this.concurrency) {
      const most = GREED * (this.concurrency - this.running);
      const turn = this.ready.shift((namespace) => (this.inHand.get(namespace) ?? 0) < most);
      if (!turn) return;
      const { namespace } = turn.assignment;
      this.employ(namespace, 1);
      this.track(
        this.handle(turn, handler).finally(() => {
          this.employ(namespace, -1);
          this.deliver();
        }),
      );
    }
  }

  private employ(namespace: string, change: 1 | -1): void {
    this.running += change;
    const inHand = (this.inHand.get(namespace) ?? 0) + change;
    if (inHand > 0) this.inHand.set(namespace, inHand);
    else this.inHand.delete(namespace);
  }

  /** Never rejects. */
  private async handle(turn: Turn, handler: Handler): Promise<void> {
    const { assignment } = turn;
    let [activationId, transactionId] = ["", ""];
    try {
      const message = assignment.take();
      if (!message) return;
      ({ activationId, transactionId } = message);
      await handler(message, { redelivered: assignment.redelivered || turn.deliveries > 0 });
      await assignment.done();
    } catch (error) {
      turn.deliveries++;
      assignment.again?.();
      this.options.onFailure?.(messageOf(error), { activationId, transactionId, deliveries: turn.deliveries });
      this.redeliverLater(turn);
    }
  }

  private redeliverLater(turn: Turn): void {
    if (this.closed) return;
    const pause = Math.min(this.pause * 2 ** (turn.deliveries - 1), this.maxPause);
    const cancel = this.timers.after(pause, () => {
      this.pauses.delete(cancel);
      this.enqueue(turn);
    });
    this.pauses.add(cancel);
  }
}
