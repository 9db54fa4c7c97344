import type { Logger } from "../../core/owner/context";
import type { ContainerDriver } from "../../core/ports/containers";
import type { Clock } from "./alarm";
import type { StemCell } from "./prewarmed";

export interface PoolOptions {
  driver: ContainerDriver;
  /** MB for all containers together. */
  memory: number;
  /** Milliseconds after which an idle container goes, and stem cells of a kind that nobody needs. */
  idleTimeout: number;
  /** Milliseconds after which an idle container is paused. @default 10_000 */
  pauseAfter?: number;
  /** Runtimes to keep ready. */
  stemCells: readonly StemCell[];
  /** Containers that start at the same time: starting takes CPU that warm runs need. */
  maxStarting: number;
  /** Whether the processors have all that they can do: then more containers are started slowly. @default never */
  isSaturated?(): boolean;
  /** Runs that may wait. @default 20_000 */
  maxWaiting?: number;
  /** Runs of one namespace that may wait. @default half of `maxWaiting` */
  maxWaitingOfNamespace?: number;
  /** Environment of each container. */
  env(): Record<string, string>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Timers, for tests. */
  after?: Clock["after"];
  logger: Logger;
  /** Told when a key gets a container of its own, or loses one: how many runs they may work on at a time now. */
  onBound?(key: string, slots: number): void;
}
