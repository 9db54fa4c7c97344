import type { Demand, Lease, Pooled } from "./pooled";

export interface Waiter {
  demand: Demand;
  /** Milliseconds since 1970. */
  since: number;
  resolve(lease: Lease | Promise<Lease>): void;
  reject(error: Error): void;
}

/** An invoking namespace, with what it has and wants. */
export class Tenant {
  readonly keys = new Set<KeyQueue>();
  /** MB of all its containers. */
  memory = 0;
  /** Runs that wait. */
  waiters = 0;
  /** MB, as of the last {@link shareOut}. */
  share = 0;

  constructor(readonly name: string) {}
}

/** Containers and waiting runs of one key. */
export class KeyQueue {
  /** The last is the most recently used. */
  readonly idle: Pooled[] = [];
  /** The first has waited longest. */
  readonly waiters: Waiter[] = [];
  /** Containers: starting, busy and idle. */
  containers = 0;
  /** Containers that are its own for ever: those that start may still become somebody else's. */
  bound = 0;
  starting = 0;
  /** No container is started before: one has failed to. Milliseconds since 1970. */
  startAfter = 0;
  /** When a container was last started for it. Milliseconds since 1970. */
  lastStart = 0;
  /** MB, as of the last {@link shareOut}. */
  share = 0;

  constructor(
    readonly key: string,
    readonly tenant: Tenant,
    /** MB of one container. */
    readonly size: number,
  ) {}

  /** MB of all its containers. */
  get memory(): number {
    return this.containers * this.size;
  }

  /** Waiting runs for which no container is starting. */
  get uncovered(): number {
    return Math.max(0, this.waiters.length - this.starting);
  }

  get isEmpty(): boolean {
    return this.containers === 0 && this.waiters.length === 0;
  }
}

/** The keys that are in use, and whose they are. */
export class Queues {
  private readonly keys = new Map<string, KeyQueue>();
  readonly tenants = new Map<string, Tenant>();

  /** The queue of a demand; a new one stays only if something is put into it, see {@link drop}. */
  of({ key, tenant: name, memory }: Demand): KeyQueue {
    let queue = this.keys.get(key);
    if (queue) return queue;
    let tenant = this.tenants.get(name);
    if (!tenant) this.tenants.set(name, (tenant = new Tenant(name)));
    queue = new KeyQueue(key, tenant, memory);
    tenant.keys.add(queue);
    this.keys.set(key, queue);
    return queue;
  }

  /** Forgets a queue that holds nothing. */
  drop(queue: KeyQueue): void {
    if (!queue.isEmpty || this.keys.get(queue.key) !== queue) return;
    this.keys.delete(queue.key);
    queue.tenant.keys.delete(queue);
    if (queue.tenant.keys.size === 0) this.tenants.delete(queue.tenant.name);
  }
}
