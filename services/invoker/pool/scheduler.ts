import { RunWithdrawnError } from "../../core/errors";
import { ContainerError } from "../../core/ports/containers";
import { Alarm, type Clock } from "./alarm";
import type { Bindings } from "./bindings";
import { byNeed, isBelow, mayTake, shareOut, WANTED } from "./fairShare";
import type { IdleContainers } from "./idle";
import type { Demand, Lease, Pooled, StartKind } from "./pooled";
import type { KeyQueue, Queues, Tenant, Waiter } from "./queues";
import { Refiller, type RefillerOptions } from "./refiller";

export interface SchedulerOptions extends RefillerOptions {
  clock: Clock;
  /** MB. */
  memory: number;
  /** Whether the processors have all that they can do. */
  isSaturated?(): boolean;
  queues: Queues;
  bindings: Bindings;
  idle: IdleContainers;
  lend(pooled: Pooled, start: StartKind, demand: Demand): Lease | Promise<Lease>;
}

/** A run of a key that has containers waits so long for one of them before another is started. Milliseconds. */
const SHORT_WAIT = 10;
/** A key that has its containers gets another so seldom while there is no time left to work with them. Milliseconds. */
const SATURATED_PAUSE = 1_000;
/** A container that is idle for so long is not in a caller's loop: a key that has none may have its place. Milliseconds. */
const COLD = 20;
/** What starting a container costs is worth it if it then serves so long before it gives way. Milliseconds. */
const TENURE = 500;
/** Pause after a container that did not start, for a key that has others. Milliseconds. */
const RETRY = 1_000;

/** Decides for whom containers are started and ended. Those that are busy are left alone. */
export class Scheduler {
  /** Keys with runs that wait. */
  private readonly needy = new Set<KeyQueue>();
  private readonly alarm: Alarm;
  private readonly refiller: Refiller;
  private closed = false;
  /** Runs. */
  waiting = 0;

  constructor(private readonly options: SchedulerOptions) {
    this.alarm = new Alarm(options.clock, () => this.pump());
    this.refiller = new Refiller(options, () => this.pump());
  }

  wait(queue: KeyQueue, waiter: Waiter): void {
    this.options.prewarmed.want(waiter.demand.kind, waiter.demand.memory);
    queue.waiters.push(waiter);
    queue.tenant.waiters++;
    this.waiting++;
    this.needy.add(queue);
    this.pump();
  }

  /**
   * Takes a waiting run back. False: a container is starting for it, or it does not wait any more.
   */
  withdraw(queue: KeyQueue, waiter: Waiter): boolean {
    const place = queue.waiters.indexOf(waiter);
    if (place < 0 || place < queue.coming) return false;
    queue.waiters.splice(place, 1);
    this.left(queue);
    waiter.reject(new RunWithdrawnError());
    return true;
  }

  /** Gives a container that has room to the oldest waiting runs of its key. */
  serve(pooled: Pooled): void {
    while (pooled.hasRoom) {
      const waiter = this.shift(pooled.queue!);
      if (!waiter) return;
      waiter.resolve(this.options.lend(pooled, "warm", waiter.demand));
    }
  }

  /** Whether a container that has come free must make room for another key that has less than its share. */
  mustYield(pooled: Pooled): boolean {
    const own = pooled.queue!;
    const now = this.options.clock.now();
    // One that has begun to give way may be all that is needed.
    if (own.retiring > 0 && now - own.lastRetired < TENURE) return false;
    // Freed room that cannot be used at once is given up for nothing.
    if (this.needy.size === (this.needy.has(own) ? 1 : 0) || !this.canStart) return false;
    let shared = false;
    for (const queue of this.needy) {
      if (queue === own || queue.uncovered === 0 || this.dueOf(queue) > now || this.options.fleet.fits(queue.size)) continue;
      if (!shared) shareOut(this.options.queues.tenants.values(), this.options.memory, now);
      shared = true;
      if (mayTake(queue, own, now - pooled.boundAt >= TENURE)) return true;
    }
    return false;
  }

  /** Gives who waits what there is: prewarmed containers, and new ones as far as there is room. */
  pump(): void {
    if (this.closed) return;
    let again = Infinity;
    for (let look = this.needy.size > 0; look; ) {
      look = false;
      const held = new Set<Tenant>();
      for (const queue of this.needy.size > 1 ? [...this.needy].sort(byNeed) : this.needy) {
        if (queue.uncovered === 0 || held.has(queue.tenant)) continue;
        const due = this.dueOf(queue);
        if (due > this.options.clock.now()) again = Math.min(again, due);
        else if (this.serveFor(queue)) look = true;
        else if (this.canStart) {
          again = Math.min(again, this.options.clock.now() + (queue.containers === 0 ? COLD : WANTED));
          // What comes free is kept for it: a large container would never find room among small ones.
          if (isBelow(queue, queue.size)) {
            if (isBelow(queue.tenant, queue.size)) break;
            held.add(queue.tenant);
          }
        }
        // Who has least has changed.
        if (look) break;
      }
    }
    this.alarm.at(this.needy.size === 0 ? this.refiller.refill() : again);
  }

  /** Starts nothing any more and refuses who waits. */
  close(reason: Error): void {
    this.closed = true;
    this.alarm.stop();
    this.refiller.close();
    for (const queue of [...this.needy]) for (let waiter = this.shift(queue); waiter; waiter = this.shift(queue)) waiter.reject(reason);
  }

  private get canStart(): boolean {
    return this.options.fleet.starting < this.options.maxStarting;
  }

  /** When a container may be started for the oldest run for which none is. */
  private dueOf(queue: KeyQueue): number {
    const live = queue.containers > queue.starting;
    if (!live) return queue.startAfter;
    const saturated = queue.containers >= this.options.maxStarting && this.options.isSaturated?.();
    return Math.max(queue.startAfter, queue.waiters[queue.coming]!.since + SHORT_WAIT, saturated ? queue.lastStart + SATURATED_PAUSE : 0);
  }

  private serveFor(queue: KeyQueue): boolean {
    const { prewarmed, idle } = this.options;
    const { demand } = queue.waiters[0]!;
    const ready = demand.image === undefined ? prewarmed.take(demand.kind, demand.memory) : undefined;
    if (ready) {
      idle.delete(ready);
      this.options.bindings.bind(ready, queue);
      this.options.bindings.count(queue, 1);
      this.shift(queue)!.resolve(this.options.lend(ready, "prewarmed", demand));
      return true;
    }
    if (!this.canStart || !this.makeRoom(queue)) return false;
    this.start(queue, demand);
    return true;
  }

  /** Lets idle containers go, least recently used first. False: it would not be enough, and none has gone. */
  private makeRoom(queue: KeyQueue): boolean {
    const { fleet, memory, queues, idle, clock } = this.options;
    let missing = fleet.used + queue.size - memory;
    if (missing <= 0) return true;
    const now = clock.now();
    shareOut(queues.tenants.values(), memory, now);
    const victims: Pooled[] = [];
    for (const pooled of idle) {
      if (!this.mayEvict(queue, pooled, now)) continue;
      victims.push(pooled);
      missing -= pooled.memory;
      if (missing <= 0) break;
    }
    if (missing > 0) return false;
    for (const pooled of victims) this.options.end(pooled);
    return true;
  }

  private mayEvict(queue: KeyQueue, pooled: Pooled, now: number): boolean {
    const owner = pooled.queue;
    if (!owner || now - pooled.idleSince >= WANTED) return true;
    const rested = now - pooled.boundAt >= TENURE;
    const entitled = queue.tenant === owner.tenant || isBelow(queue.tenant, queue.size);
    if (queue.containers === 0 && entitled && (rested || now - pooled.idleSince >= COLD)) return true;
    return mayTake(queue, owner, rested);
  }

  private start(queue: KeyQueue, demand: Demand): void {
    if (demand.image === undefined) this.options.prewarmed.missed(demand.kind, demand.memory);
    queue.starting++;
    queue.lastStart = this.options.clock.now();
    this.options.bindings.count(queue, 1);
    this.options.fleet.start(demand).then(
      (pooled) => {
        queue.starting--;
        this.started(queue, pooled, demand);
        this.pump();
      },
      (error: Error) => {
        queue.starting--;
        this.failed(queue, error);
        this.pump();
      },
    );
  }

  private started(queue: KeyQueue, pooled: Pooled, demand: Demand): void {
    if (pooled.dead || this.closed) {
      this.options.fleet.end(pooled);
      this.failed(queue, new ContainerError(`The container for ${demand.name} was gone as soon as it was there.`));
      return;
    }
    const waiter = this.shift(queue);
    if (waiter || demand.image !== undefined) {
      this.options.bindings.bind(pooled, queue);
      if (waiter) waiter.resolve(this.options.lend(pooled, "cold", demand));
      else this.options.shelve(pooled);
      return;
    }
    // Nobody of its key waits any more. It has no code yet, so it can become anybody's.
    this.options.bindings.count(queue, -1);
    this.options.prewarmed.put(pooled);
    this.options.shelve(pooled);
  }

  private failed(queue: KeyQueue, error: Error): void {
    this.options.logger.warn({ key: queue.key, error: error.message }, "a container did not start");
    const live = queue.containers - 1 > queue.starting;
    if (live) queue.startAfter = this.options.clock.now() + RETRY;
    else for (let covered = queue.concurrency; covered > 0; covered--) this.shift(queue)?.reject(error);
    this.options.bindings.count(queue, -1);
  }

  private shift(queue: KeyQueue): Waiter | undefined {
    const waiter = queue.waiters.shift();
    if (waiter) this.left(queue);
    return waiter;
  }

  /** One of its runs waits no more. */
  private left(queue: KeyQueue): void {
    this.waiting--;
    queue.tenant.waiters--;
    if (queue.waiters.length === 0) this.needy.delete(queue);
    this.options.queues.drop(queue);
  }
}
