import type { Properties } from "../resource";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The inputs that every platform of this machine has, once they have been checked: defaults filled, units resolved. */
export interface Settings {
  host: string;
  port: number;
  /** As the user wrote it: a relative one is relative to the project, so that a checkout can be moved. */
  dataDir: string;
  /** MB, for all containers together, or for those of an invoker. */
  memory: number;
  /** Seconds. */
  idleTimeout: number;
  /** Seconds. */
  retention: number;
  prewarm: boolean;
  logLevel: LogLevel;
  /** Name of the namespace that `auth` belongs to. */
  namespace: string;
  /** What a namespace without limits of its own may ask. */
  limits?: { concurrentInvocations?: number; invocationsPerMinute?: number; firesPerMinute?: number };
  /** There may be more than one namespace. */
  allowSharedProcesses?: boolean;
  /** Path of Node; undefined: the one that runs the provider. */
  node?: string;
  /** Digest of the platform's programs: a new build restarts the process. */
  program: string;
}

export const DEFAULTS = {
  host: "127.0.0.1",
  memory: 2048,
  idleTimeout: 600,
  retention: 7 * 24 * 3600,
  prewarm: true,
  logLevel: "info",
  namespace: "guest",
} as const;

/** Checked inputs without anything unknown, as create and update get them. */
export function toSettings(inputs: Properties): Settings {
  return inputs as unknown as Settings;
}
