import { WhiskError } from "../../core/errors";
import type { Logger } from "../../core/owner/context";
import type { ContainerDriver } from "../../core/ports/containers";
import { type Demand, type Lease, Pooled, type StartKind } from "./pooled";
import { Prewarmed, type StemCell } from "./prewarmed";
import { fairShare, KeyQueue, type Waiter } from "./queues";

export interface PoolOptions {
  driver: ContainerDriver;
  /** MB for all containers together. */
  memory: number;
  /** Milliseconds after which an idle container goes. */
  idleTimeout: number;
  /** Runtimes to keep ready. */
  stemCells: readonly StemCell[];
  /** Containers that start at the same time: starting takes CPU that warm runs need. */
  maxStarting: number;
  /** Runs that may wait. @default 20_000 */
  maxWaiting?: number;
  /** Environment of each container. */
  env(): Record<string, string>;
  now(): number;
  logger: Logger;
}

/** A run of a key that has containers waits so long for one of them before another is started. Milliseconds. */
const SHORT_WAIT = 10;
/** A key without any container waits so long before one that is in use elsewhere goes for it. Milliseconds. */
const STARVED = 250;
const MAX_WAITING = 20_000;

/**
 * Containers by who may use them. A run takes the most recently used idle container of its key, else it waits: for one
 * to come free, or for a new one. Memory is bounded; idle containers go, least recently used first, when another key
 * needs room, and busy ones are shared out fairly when they come free.
 */
export class ContainerPool {
  private readonly queues = new Map<string, KeyQueue>();
  /** Keys with runs that wait. */
  private readonly waiting = new Set<KeyQueue>();
  private readonly prewarmed: Prewarmed;
  private readonly everything = new Set<Pooled>();
  private waiters = 0;
  private used = 0;
  private starting = 0;
  private timer?: NodeJS.Timeout;
  private closed = false;
  private readonly sweeper: NodeJS.Timeout;
  readonly starts: Record<StartKind, number> = { warm: 0, prewarmed: 0, cold: 0 };

  constructor(private readonly options: PoolOptions) {
    this.prewarmed = new Prewarmed(options.stemCells, options.idleTimeout, {
      now: options.now,
      hasRoom: (memory) => this.used + memory <= options.memory && this.waiting.size === 0,
      start: (cell) => this.startStemCell(cell),
    });
    this.sweeper = setInterval(() => this.sweep(), Math.max(100, Math.min(5000, options.idleTimeout / 4)));
    this.sweeper.unref();
  }

  /** Starts what is to be ready. */
  prewarm(): void {
    this.prewarmed.fill();
  }

  /**
   * @throws WhiskError 400 when it could never fit, 429 when too many wait, 503 when the pool is closed
   * @throws ContainerError when no container could be started for it
   */
  acquire(demand: Demand): Lease | Promise<Lease> {
    if (this.closed) throw new WhiskError(503, "The platform is shutting down: no more work is taken.");
    if (demand.memory > this.options.memory) {
      throw new WhiskError(400, `The action needs ${demand.memory} MB of memory; the platform has ${this.options.memory} MB for all containers.`);
    }
    const queue = this.queueOf(demand);
    const pooled = queue.idle.pop();
    if (pooled) {
      this.starts.warm++;
      return { pooled, start: "warm" };
    }
    if (this.waiters >= (this.options.maxWaiting ?? MAX_WAITING)) {
      if (queue.isEmpty) this.queues.delete(queue.key);
      throw new WhiskError(429, `Too many concurrent requests in flight (count: ${this.waiters}, allowed: ${this.options.maxWaiting ?? MAX_WAITING}).`);
    }
    this.prewarmed.note(demand.kind);
    return new Promise((resolve, reject) => {
      queue.waiters.push({ demand, since: this.options.now(), resolve, reject });
      this.waiters++;
      this.waiting.add(queue);
      this.pump();
    });
  }

  /** Gives a container back. `reuse`: it is fit for the next run. */
  release(lease: Lease, reuse: boolean): void {
    if (lease.returned) return;
    lease.returned = true;
    const { pooled } = lease;
    if (!reuse || pooled.dead || this.closed) {
      this.remove(pooled);
      this.pump();
      return;
    }
    const queue = this.queues.get(pooled.key!)!;
    if (this.othersStarve(queue)) {
      this.remove(pooled);
      this.pump();
      return;
    }
    const waiter = this.nextWaiter(queue);
    if (waiter) {
      this.starts.warm++;
      waiter.resolve({ pooled, start: "warm" });
      return;
    }
    pooled.idleSince = this.options.now();
    queue.idle.push(pooled);
    if (this.waiting.size > 0) this.pump();
  }

  /** Ends all containers. Who waits is refused. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.sweeper);
    clearTimeout(this.timer);
    this.prewarmed.close();
    for (const queue of this.waiting) {
      for (let waiter = this.nextWaiter(queue); waiter; waiter = this.nextWaiter(queue)) waiter.reject(new WhiskError(503, "The platform is shutting down."));
    }
    await Promise.all([...this.everything].map((pooled) => pooled.destroy()));
  }

  get occupancy(): { memory: number; used: number; containers: number; idle: number; waiting: number } {
    let idle = 0;
    for (const queue of this.queues.values()) idle += queue.idle.length;
    return { memory: this.options.memory, used: this.used, containers: this.everything.size, idle, waiting: this.waiters };
  }

  /** Starts containers for who waits, as far as there is room. */
  private pump(): void {
    let again = Infinity;
    const now = this.options.now();
    for (const queue of this.inOrderOfNeed()) {
      while (queue.waiters.length > queue.starting) {
        const { demand, since } = queue.waiters[queue.starting]!;
        const due = queue.containers === 0 ? 0 : since + SHORT_WAIT - now;
        if (due > 0) {
          again = Math.min(again, due);
          break;
        }
        if (!this.startFor(queue, demand)) break;
      }
    }
    if (again < Infinity && !this.timer) {
      this.timer = setTimeout(() => {
        this.timer = undefined;
        this.pump();
      }, again);
    }
  }

  private inOrderOfNeed(): Iterable<KeyQueue> {
    return this.waiting.size < 2 ? this.waiting : [...this.waiting].sort((a, b) => a.memory - b.memory);
  }

  private startFor(queue: KeyQueue, demand: Demand): boolean {
    const ready = this.prewarmed.take(demand.kind, demand.image, demand.memory);
    if (ready) {
      this.adopt(queue, ready);
      this.starts.prewarmed++;
      this.nextWaiter(queue)!.resolve({ pooled: ready, start: "prewarmed" });
      return true;
    }
    if (this.starting >= this.options.maxStarting || !this.makeRoom(demand.memory)) return false;
    this.reserve(queue, demand.memory);
    queue.starting++;
    this.starting++;
    this.create(demand)
      .then(
        (pooled) => this.started(queue, pooled),
        (error: Error) => {
          this.unreserve(queue, demand.memory);
          this.nextWaiter(queue)?.reject(error);
        },
      )
      .finally(() => {
        queue.starting--;
        this.starting--;
        this.pump();
      });
    return true;
  }

  private started(queue: KeyQueue, pooled: Pooled): void {
    pooled.key = queue.key;
    const waiter = this.nextWaiter(queue);
    if (!waiter) {
      // Nobody waits any more: it has no code yet, but whoever comes next initialises it.
      pooled.idleSince = this.options.now();
      queue.idle.push(pooled);
      return;
    }
    this.starts.cold++;
    waiter.resolve({ pooled, start: "cold" });
  }

  private async create({ name, kind, image, memory }: Omit<Demand, "key" | "tenant">): Promise<Pooled> {
    const container = await this.options.driver.create({ name, kind, image, memory, env: this.options.env() });
    const pooled = new Pooled(container, kind, memory);
    this.everything.add(pooled);
    if (this.closed) await pooled.destroy();
    void container.gone.then((reason) => this.lost(pooled, reason));
    return pooled;
  }

  private async startStemCell({ kind, memory }: StemCell): Promise<Pooled> {
    this.used += memory;
    try {
      return await this.create({ name: `prewarmed ${kind}`, kind, memory });
    } catch (error) {
      this.used -= memory;
      this.options.logger.warn({ kind, error: (error as Error).message }, "a runtime could not be kept ready");
      throw error;
    }
  }

  /** It ended, by itself or by us. If it was idle, nobody notices. */
  private lost(pooled: Pooled, reason: string): void {
    if (!this.everything.has(pooled)) return;
    pooled.dead = true;
    const queue = pooled.key === undefined ? undefined : this.queues.get(pooled.key);
    const at = queue?.idle.indexOf(pooled) ?? -1;
    if (at >= 0) queue!.idle.splice(at, 1);
    if (at >= 0 || this.prewarmed.forget(pooled)) {
      if (!this.closed) this.options.logger.warn({ kind: pooled.kind, reason }, "an idle container is gone");
      this.remove(pooled);
    }
  }

  /** Ends a container that is in no list any more. */
  private remove(pooled: Pooled): void {
    if (!this.everything.delete(pooled)) return;
    const queue = pooled.key === undefined ? undefined : this.queues.get(pooled.key);
    if (queue) this.unreserve(queue, pooled.memory);
    else this.used -= pooled.memory;
    pooled.destroy().catch((error: Error) => this.options.logger.error({ error: error.message }, "a container could not be ended"));
  }

  /** A prewarmed container becomes one of the key. */
  private adopt(queue: KeyQueue, pooled: Pooled): void {
    pooled.key = queue.key;
    this.used -= pooled.memory;
    this.reserve(queue, pooled.memory);
  }

  private reserve(queue: KeyQueue, memory: number): void {
    queue.memory += memory;
    queue.containers++;
    this.used += memory;
  }

  private unreserve(queue: KeyQueue, memory: number): void {
    queue.memory -= memory;
    queue.containers--;
    this.used -= memory;
    if (queue.isEmpty) this.queues.delete(queue.key);
  }

  /** Lets idle containers go, least recently used first, until there is room; prewarmed ones last. */
  private makeRoom(memory: number): boolean {
    while (this.used + memory > this.options.memory) {
      let [oldest, of]: [Pooled | undefined, KeyQueue | undefined] = [undefined, undefined];
      for (const queue of this.queues.values()) {
        const first = queue.idle[0];
        if (first && (!oldest || first.idleSince < oldest.idleSince)) [oldest, of] = [first, queue];
      }
      if (oldest) of!.idle.shift();
      else oldest = this.prewarmed.takeAny();
      if (!oldest) return false;
      this.remove(oldest);
    }
    return true;
  }

  /** Whether a container of this key, when it comes free, has to make room for another key. */
  private othersStarve(queue: KeyQueue): boolean {
    if (this.waiting.size === 0 || (this.waiting.size === 1 && this.waiting.has(queue))) return false;
    const now = this.options.now();
    const share = fairShare(queue, this.queues.values(), this.options.memory);
    for (const other of this.waiting) {
      if (other === queue || other.starting > 0) continue;
      const { demand, since } = other.waiters[0]!;
      if (this.used + demand.memory <= this.options.memory) continue;
      if (other.containers === 0 && now - since >= STARVED) return true;
      const theirs = fairShare(other, this.queues.values(), this.options.memory);
      if (other.memory + demand.memory <= theirs && queue.memory - demand.memory >= share) return true;
    }
    return false;
  }

  private nextWaiter(queue: KeyQueue): Waiter | undefined {
    const waiter = queue.waiters.shift();
    if (!waiter) return undefined;
    this.waiters--;
    if (queue.waiters.length === 0) this.waiting.delete(queue);
    if (queue.isEmpty) this.queues.delete(queue.key);
    return waiter;
  }

  private queueOf({ key, tenant }: Demand): KeyQueue {
    let queue = this.queues.get(key);
    if (!queue) this.queues.set(key, (queue = new KeyQueue(key, tenant)));
    return queue;
  }

  private sweep(): void {
    const limit = this.options.now() - this.options.idleTimeout;
    for (const queue of [...this.queues.values()]) {
      while (queue.idle[0] && queue.idle[0].idleSince <= limit) this.remove(queue.idle.shift()!);
    }
    for (const pooled of this.prewarmed.expire()) this.remove(pooled);
  }
}
