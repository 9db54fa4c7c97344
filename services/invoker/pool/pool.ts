import { WhiskError } from "../../core/errors";
import { within } from "../../core/within";
import { Admission } from "./admission";
import { Alarm, type Clock, systemClock } from "./alarm";
import { Bindings } from "./bindings";
import { Fleet } from "./fleet";
import { IdleContainers } from "./idle";
import type { PoolOptions } from "./options";
import type { Demand, Lease, Pooled, StartKind } from "./pooled";
import { Prewarmed } from "./prewarmed";
import { type KeyQueue, Queues } from "./queues";
import { Scheduler } from "./scheduler";

type OnWait = (withdraw: () => boolean) => void;

const PAUSE_AFTER = 10_000;
/** How long running work is waited for at the end. Milliseconds. */
const DRAIN = 5_000;
const CLOSING = "The platform is shutting down: no more work is taken.";

/**
 * Containers by who may use them. A run takes the most recently used idle container of its key, else one that works and
 * has room for it, else it waits: for room, or for a new one. Who gets what when memory is short is the {@link Scheduler}'s.
 */
export class ContainerPool {
  private readonly queues = new Queues();
  private readonly bindings: Bindings;
  private readonly prewarmed: Prewarmed;
  private readonly idle: IdleContainers;
  private readonly fleet: Fleet;
  private readonly scheduler: Scheduler;
  private readonly sweeping: Alarm;
  private readonly pauseAfter: number;
  private readonly admission: Admission;
  /** Containers that have runs. */
  private busy = 0;
  private closed = false;
  private drained: (() => void) | undefined;
  /** How the containers of all runs so far came to them. */
  readonly starts: Record<StartKind, number> = { warm: 0, prewarmed: 0, cold: 0 };
  private died = 0;

  constructor(private readonly options: PoolOptions) {
    const { idleTimeout, now } = options;
    this.pauseAfter = options.pauseAfter ?? PAUSE_AFTER;
    this.admission = new Admission(options);
    const clock: Clock = { ...systemClock(now), ...(options.after && { after: options.after }) };
    this.prewarmed = new Prewarmed(options.stemCells, idleTimeout, now);
    this.idle = new IdleContainers(this.pauseAfter, (pooled) => (pooled.queue ? pooled.idleSince + idleTimeout : this.prewarmed.wantedUntil(pooled)));
    this.fleet = new Fleet(options, (pooled, reason) => this.lost(pooled, reason));
    this.bindings = new Bindings({ ...options, clock, queues: this.queues });
    this.scheduler = new Scheduler({
      ...options,
      clock,
      queues: this.queues,
      bindings: this.bindings,
      prewarmed: this.prewarmed,
      idle: this.idle,
      fleet: this.fleet,
      lend: (pooled, start, demand) => this.lend(pooled, start, demand),
      shelve: (pooled) => this.makeIdle(pooled),
      end: (pooled) => this.end(pooled),
    });
    this.sweeping = new Alarm(clock, () => this.sweep());
  }

  /** Starts what is to be ready from the beginning. */
  prewarm(): void {
    this.prewarmed.wantAll();
    this.scheduler.pump();
  }

  /**
   * @throws WhiskError 400 when it could never fit, 429 when too many of its namespace wait, 503 when too many wait or
   * the pool is closed
   * @param onWait called if it has to wait, with the way to end that: see {@link RunTicket.withdraw}
   * @throws ContainerError when no container could be started for it
   * @throws RunWithdrawnError when its wait was ended
   */
  acquire(demand: Demand, onWait?: OnWait): Lease | Promise<Lease> {
    if (this.closed) throw new WhiskError(503, CLOSING);
    const queue = this.queues.of(demand);
    const shared = queue.roomiest();
    // To wake one takes longer than what one that is awake does beside its other runs.
    const pooled = shared && queue.idle.at(-1)?.paused ? shared : (this.takeIdle(queue) ?? shared);
    if (pooled) return this.lend(pooled, "warm", demand, onWait);
    try {
      this.admission.check(demand, queue.tenant, this.scheduler.waiting);
    } catch (error) {
      this.queues.drop(queue);
      throw error;
    }
    return new Promise((resolve, reject) => {
      const waiter = { demand, since: this.options.now(), resolve, reject };
      onWait?.(() => this.scheduler.withdraw(queue, waiter));
      this.scheduler.wait(queue, waiter);
    });
  }

  /** A container has its code. `concurrency`: runs that its runtime works on at a time. */
  opened({ pooled }: Lease, concurrency: number): void {
    pooled.initialized = true;
    pooled.loading(false);
    this.bindings.opened(pooled, concurrency);
    this.offer(pooled);
    if (this.scheduler.waiting > 0) this.scheduler.pump();
  }

  /** Gives a container back. `reuse`: it is fit for the next run; what else it works on may come to its end. */
  release(lease: Lease, reuse: boolean): void {
    if (lease.returned) return;
    lease.returned = true;
    const { pooled } = lease;
    // What waits is not to count on the next one before one of them has its code.
    if (!pooled.initialized && pooled.queue) pooled.queue.concurrency = 1;
    this.left(pooled);
    if (!pooled.retired && (!reuse || pooled.dead || this.closed || this.scheduler.mustYield(pooled))) this.bindings.retire(pooled);
    if (pooled.retired) {
      if (pooled.runs === 0) this.end(pooled);
      this.scheduler.pump();
    } else {
      this.offer(pooled);
    }
    if (this.busy === 0) this.drained?.();
  }

  /** A container has ended by itself: who runs something in it may see that first. */
  noteDeath(pooled: Pooled): void {
    if (pooled.dead) return;
    pooled.dead = true;
    pooled.queue?.open.delete(pooled);
    this.died++;
  }

  /** Refuses who waits and who comes, waits for who runs, ends all containers. @param drain milliseconds */
  async close(drain = DRAIN): Promise<void> {
    this.closed = true;
    this.sweeping.stop();
    this.scheduler.close(new WhiskError(503, CLOSING));
    if (this.busy > 0) await within(new Promise<void>((resolve) => (this.drained = resolve)), drain);
    await this.fleet.close();
  }

  /** `memory`, `used`: MB; the others are counts. */
  get occupancy() {
    return {
      memory: this.options.memory,
      used: this.fleet.used,
      containers: this.fleet.size,
      busy: this.busy,
      idle: this.idle.size - this.prewarmed.size,
      prewarmed: this.prewarmed.size,
      starting: this.fleet.starting,
      waiting: this.scheduler.waiting,
    };
  }

  /** Containers, so far, that did not start and that ended by themselves. */
  get failures() {
    return { start: this.fleet.failedStarts, died: this.died };
  }

  private takeIdle(queue: KeyQueue): Pooled | undefined {
    const pooled = queue.idle.pop();
    if (pooled) this.idle.delete(pooled);
    return pooled;
  }

  private lend(pooled: Pooled, start: StartKind, demand: Demand, onWait?: OnWait): Lease | Promise<Lease> {
    if (pooled.runs++ === 0) this.busy++;
    if (!pooled.initialized) pooled.loading(true);
    this.mind(pooled);
    if (pooled.paused) return this.wake(pooled, start, demand, onWait);
    this.starts[start]++;
    return { pooled, start };
  }

  private async wake(pooled: Pooled, start: StartKind, demand: Demand, onWait?: OnWait): Promise<Lease> {
    try {
      await pooled.resume();
    } catch (error) {
      this.options.logger.warn({ container: pooled.container.id, error: (error as Error).message }, "a paused container could not be resumed");
      this.left(pooled);
      this.end(pooled);
      if (this.busy === 0) this.drained?.();
      return this.acquire(demand, onWait);
    }
    this.starts[start]++;
    return { pooled, start };
  }

  /** A run has left it. */
  private left(pooled: Pooled): void {
    if (--pooled.runs === 0) this.busy--;
    pooled.loading(false);
  }

  /** What room it has is for the runs of its key that wait, then for those that come. */
  private offer(pooled: Pooled): void {
    this.scheduler.serve(pooled);
    this.mind(pooled);
    if (pooled.runs > 0) return;
    this.makeIdle(pooled);
    if (this.scheduler.waiting > 0) this.scheduler.pump();
  }

  /** Whether further runs may come to it beside those that it has. */
  private mind(pooled: Pooled): void {
    if (pooled.runs > 0 && pooled.hasRoom) pooled.queue?.open.add(pooled);
    else pooled.queue?.open.delete(pooled);
  }

  private makeIdle(pooled: Pooled): void {
    const now = this.options.now();
    this.idle.add(pooled, now);
    if (pooled.queue) pooled.queue.idle.push(pooled);
    this.sweeping.at(now + Math.min(this.pauseAfter, this.options.idleTimeout));
  }

  /** Takes a container out of wherever it stands, and ends it. */
  private end(pooled: Pooled): void {
    const { queue } = pooled;
    if (this.idle.delete(pooled)) {
      if (queue) queue.idle.splice(queue.idle.indexOf(pooled), 1);
      else this.prewarmed.remove(pooled);
    }
    if (queue) this.bindings.unbind(pooled, queue);
    this.fleet.end(pooled);
  }

  /** One that is busy is ended when its run gives it back. */
  private lost(pooled: Pooled, reason: string): void {
    this.noteDeath(pooled);
    for (const idle of this.idle) {
      if (idle !== pooled) continue;
      this.options.logger.warn({ container: pooled.container.id, kind: pooled.kind, reason }, "an idle container is gone");
      this.end(pooled);
      this.scheduler.pump();
      return;
    }
  }

  private sweep(): void {
    const { expired, next } = this.idle.sweep(this.options.now());
    for (const pooled of expired) this.end(pooled);
    this.sweeping.at(next);
    if (expired.length > 0) this.scheduler.pump();
  }
}
