import type { CodeExec } from "../model/entities";

/** Makes containers. Adapters: `services/invoker/drivers/*`, all held to one contract. */
export interface ContainerDriver {
  /** Why an action of this kind cannot run here, with the way out; undefined: it can. */
  unavailable(exec: Pick<CodeExec, "kind" | "image">): string | undefined;
  /**
   * A container whose runtime answers HTTP.
   *
   * @throws ContainerError when it does not come up
   */
  create(spec: ContainerSpec): Promise<Container>;
  /** Removes what earlier processes left, and at the end everything of its own. */
  reap(): Promise<void>;
  close(): Promise<void>;
}

export interface ContainerSpec {
  /** For people: shows up in process and container lists. */
  name: string;
  kind: string;
  image?: string;
  /** MB. */
  memory: number;
  /** Environment of the container, for example `__OW_API_HOST`. */
  env: Record<string, string>;
}

export type LogStream = "stdout" | "stderr";

/** A line as it came, without its line break. `time`: milliseconds since 1970. */
export type LogListener = (stream: LogStream, line: string, time: number) => void;

export interface Container {
  readonly id: string;
  /** Where the runtime is reached. */
  readonly address: { socketPath: string } | { origin: string };
  /** Resolves, with what is known of the reason, when it is gone; never rejects. */
  readonly gone: Promise<string>;
  /** Whether it has needed more memory than it was given: then it is of no use any more. Absent where a system enforces the limit by itself and tells by `gone`. */
  exhausted?(): boolean;
  /** It is about to get code of so many bytes, which are there several times while they are loaded. Never rejects. */
  loading?(bytes: number): Promise<void>;
  /** Its code is there: what it has needed until now does not count. */
  loaded?(): void;
  /** Who hears its output from now on; one at a time. Lines that come while nobody listens are dropped. */
  onLog(listener: LogListener | undefined): void;
  /** Stops using CPU until resumed. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends it at once, whatever it does. Ending what is gone succeeds. */
  destroy(): Promise<void>;
}

/**
 * Whose image is at fault, if it is one that an action names: it cannot be had, its program ended at once, or it does not listen.
 * Everything else is the platform's.
 */
export type ImageFault = "absent" | "ended" | "silent";

export class ContainerError extends Error {
  readonly fault: ImageFault | undefined;

  constructor(message: string, options?: { cause?: unknown; fault?: ImageFault }) {
    super(message, options);
    this.name = "ContainerError";
    this.fault = options?.fault;
  }
}
