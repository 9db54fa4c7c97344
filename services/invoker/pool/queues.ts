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
  /** Those that work and have room for more runs. */
  readonly open = new Set<Pooled>();
  /** The first has waited longest. */
  readonly waiters: Waiter[] = [];
  /** Containers: starting, busy and idle. */
  containers = 0;
  /** Runs that the containers which are its own for ever may work on at a time: those that start may still become somebody else's. */
  slots = 0;
  starting = 0;
  /** Containers that their first run is initialising: until then they take no other. */
  loading = 0;
  /** Containers that end with the runs that they have. */
  retiring = 0;
  /** When the last of them began to. Milliseconds since 1970. */
  lastRetired = -Infinity;
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
    /** Runs that one container works on at a time, as far as is known before its runtime has said so. */
    public concurrency = 1,
  ) {}

  /** MB of all its containers. */
  get memory(): number {
    return this.containers * this.size;
  }

  /** Runs for which there will be room when the containers that start and those that load have their code. */
  get coming(): number {
    return this.starting * this.concurrency + this.loading * (this.concurrency - 1);
  }

  /** Waiting runs for which no container is coming. */
  get uncovered(): number {
    return Math.max(0, this.waiters.length - this.coming);
  }

  /** MB that its waiting runs need beyond what is coming. */
  get missing(): number {
    return Math.ceil(this.uncovered / this.concurrency) * this.size;
  }

  /** The working container with the fewest runs that has room for another. */
  roomiest(): Pooled | undefined {
    let best: Pooled | undefined;
    for (const pooled of this.open) if (!best || pooled.runs < best.runs) best = pooled;
    return best;
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
  of({ key, tenant: name, memory, concurrency }: Demand): KeyQueue {
    let queue = this.keys.get(key);
    if (queue) return queue;
    let tenant = this.tenants.get(name);
    if (!tenant) this.tenants.set(name, (tenant = new Tenant(name)));
    queue = new KeyQueue(key, tenant, memory, concurrency);
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
