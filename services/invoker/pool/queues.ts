import type { Demand, Lease, Pooled } from "./pooled";

export interface Waiter {
  demand: Demand;
  since: number;
  resolve(lease: Lease): void;
  reject(error: Error): void;
}

/** Containers and waiting runs of one key. */
export class KeyQueue {
  /** The last is the most recently used. */
  readonly idle: Pooled[] = [];
  readonly waiters: Waiter[] = [];
  /** MB of all its containers: starting, busy and idle. */
  memory = 0;
  /** Containers: starting, busy and idle. */
  containers = 0;
  starting = 0;

  constructor(
    readonly key: string,
    readonly tenant: string,
  ) {}

  get isEmpty(): boolean {
    return this.containers === 0 && this.waiters.length === 0;
  }
}

/**
 * What part of the memory a key may hold when others want it too: equal parts for the tenants that want any,
 * within these for their keys. MB.
 */
export function fairShare(queue: KeyQueue, all: Iterable<KeyQueue>, memory: number): number {
  const tenants = new Set<string>();
  let siblings = 0;
  for (const other of all) {
    if (other.waiters.length === 0 && other.memory === 0) continue;
    tenants.add(other.tenant);
    if (other.tenant === queue.tenant) siblings++;
  }
  return memory / Math.max(1, tenants.size) / Math.max(1, siblings);
}
