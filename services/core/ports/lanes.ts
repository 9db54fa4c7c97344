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

/**
 * A run on its way through an invoker. A lane that can bring it elsewhere may take it back while it waits.
 */
export interface RunTicket {
  /** Its code may have begun: from now on it cannot be taken back. Set by the runner. */
  started: boolean;
  /**
   * Set by the runner while the run waits for a container. Called, it makes `run` reject with RunWithdrawnError;
   * false: a container is on its way to it, so it stays.
   */
  withdraw?: () => boolean;
}

/** What an invoker is to a lane. */
export interface Runner {
  /**
   * @throws WhiskError 400, 429, 503 when there is no room: the code did not run
   * @throws RunWithdrawnError when the lane took it back: the code did not run
   */
  run(message: RunMessage, ticket?: RunTicket): Promise<Completion>;
}

/** What an invoker's containers mean to the lane that brings it runs. */
export interface Capacity {
  /** MB in which containers may still be started. */
  freeMemory(): number;
  /** @param listener told when a run key gets a container of its own, or loses one: how many runs they may work on at a time now */
  onBound(listener: (key: string, slots: number) => void): void;
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

/** A process of the platform, as it lets others know that it lives. */
export interface Instance {
  id: string;
  role: "controller" | "invoker";
  /** Rises with each sign of life. Watchers compare it by their own clocks, so clocks need not agree. */
  beat: number;
  /** Where its health and metrics are served. */
  admin?: string;
}

/** Signs of life that all processes see. */
export interface LeaseStore {
  /** Puts the instance there, or renews it. */
  beat(instance: Instance): Promise<void>;
  list(): Promise<Instance[]>;
  /** It has ended in an orderly way: whatever it had in hand is done. */
  remove(id: string): Promise<void>;
}

/** Tells all processes, the sender included, of changes, as soon as can be; those that are cut off miss it. */
export interface Notices {
  publish(notice: Notice): void;
  /** @param listener also called with undefined: notices may have been missed */
  subscribe(listener: (notice: Notice | undefined) => void): void;
}

/** An entity or a namespace has changed. */
export type Notice = { kind: "entity"; key: string } | { kind: "namespace"; name: string };

/** Who is alive, for work that somebody else began. */
export interface Liveness {
  isAlive(instance: string): Promise<boolean>;
}
