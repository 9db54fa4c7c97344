import type { Properties } from "../resource";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The inputs of a local platform once they have been checked: every default filled, every unit resolved. */
export interface Settings {
  host: string;
  port: number;
  /** As the user wrote it: a relative one is relative to the project, so that a checkout can be moved. */
  dataDir: string;
  /** MB, for all containers together. */
  memory: number;
  /** Seconds. */
  idleTimeout: number;
  prewarm: boolean;
  logLevel: LogLevel;
  /** Name of the namespace that `auth` belongs to. */
  namespace: string;
  /** Path of Node; undefined: the one that runs the provider. */
  node?: string;
  /** Digest of the platform's program: a new build restarts the process. */
  program: string;
}

export const DEFAULTS = {
  host: "127.0.0.1",
  port: 3233,
  memory: 2048,
  idleTimeout: 600,
  prewarm: true,
  logLevel: "info",
  namespace: "guest",
} as const;

/** Checked inputs without anything unknown, as create and update get them. */
export function toSettings(inputs: Properties): Settings {
  return inputs as unknown as Settings;
}
