import type { AcceptedMessage, Completion, RunMessage } from "../messages";

/** Carries runs to invokers and their completions back. Loss is allowed: the owner resolves it. */
export interface RunLane {
  /** Runs are under way in the process of their owner: with it they end. @default false */
  readonly endsWithOwner?: boolean;
  /**
   * @throws RunLostError when the run's end cannot be known; the owner looks at starts and records then
   * @throws WhiskError 429 or 503 when there is no room for it: its code did not run
   */
  run(message: RunMessage): Promise<Completion>;
  close(): Promise<void>;
}

/** What an invoker is to a lane. */
export interface Runner {
  run(message: RunMessage): Promise<Completion>;
}

/** Work that was promised. Nothing is lost: an entry comes back until its handler has succeeded. */
export interface AcceptedLog {
  /**
   * Durable when it resolves.
   *
   * @throws WhiskError 429 or 503 when the log is full: it was not accepted
   */
  append(message: AcceptedMessage): Promise<void>;
  /**
   * Delivers what is there and what comes. An entry is removed when the handler resolves, and delivered again,
   * after a pause, when it rejects or when the process died before.
   */
  consume(handler: (message: AcceptedMessage, delivery: { redelivered: boolean }) => Promise<void>): Promise<void>;
  /** Entries that are not done. */
  depth(): Promise<number>;
  /** Takes no more entries to the handler, waits for those that are under way. */
  close(): Promise<void>;
}

/** Who is alive, for work that somebody else began. */
export interface Liveness {
  isAlive(instance: string): Promise<boolean>;
}
