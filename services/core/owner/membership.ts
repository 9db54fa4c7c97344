import { LruMap } from "../entities/lru";
import { messageOf } from "../errors";
import type { Instance, LeaseStore, Liveness } from "../ports/lanes";
import type { Logger } from "./context";

export interface MembershipOptions {
  leases: LeaseStore;
  /** This process. */
  self: Omit<Instance, "beat">;
  logger: Logger;
  /** Milliseconds between two signs of life. @default 2000 */
  interval?: number;
  /** Milliseconds without one after which a process counts as dead. @default 10000 */
  lease?: number;
  /** Milliseconds, of a clock that only goes forward. */
  now(): number;
}

const INTERVAL = 2_000;
const LEASE = 10_000;
/** Signs of life of the dead are removed after so many leases: until then others may ask after them. */
const FORGOTTEN = 60;
/** What was read is good for so long: much work may ask after the same process. Milliseconds. */
const FRESH = 500;
const ABSENT = 1_000;

interface Seen {
  instance: Instance;
  /** When its beat was seen to have changed. Milliseconds of this process's clock. */
  changed: number;
}

/**
 * Who lives, by signs of life in the store. A process is dead when this one has watched it for the length of a lease without
 * seeing one. While this process cannot read them, or stood still itself, it learns nothing of the others: then they have
 * a whole lease again.
 */
export class Membership implements Liveness {
  private readonly seen = new Map<string, Seen>();
  /** Processes that have ended. An id is never used again, and its first sign of life comes before anything else of it. */
  private readonly absent = new LruMap<string, true>(ABSENT);
  private beat = 0;
  private lastRead = -Infinity;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private readonly interval: number;
  private readonly lease: number;

  constructor(private readonly options: MembershipOptions) {
    this.interval = options.interval ?? INTERVAL;
    this.lease = options.lease ?? LEASE;
  }

  /** Gives the first sign of life, and goes on. @throws what the store throws */
  async start(): Promise<void> {
    await this.renew();
    this.schedule();
  }

  /** It has ended in an orderly way: nobody need wait for its lease to run out. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.options.leases.remove(this.options.self.id);
  }

  async isAlive(instance: string): Promise<boolean> {
    if (instance === this.options.self.id) return !this.stopped;
    // One that has just come, or has ended in order, is known by asking.
    const stale = this.options.now() - this.lastRead >= FRESH;
    if (this.seen.has(instance) ? stale && this.isCurrent(instance) : !this.absent.get(instance)) await this.read();
    if (!this.seen.has(instance)) this.absent.set(instance, true);
    return this.isCurrent(instance);
  }

  /** How many of a role live, as far as is known; this one is. */
  count(role: Instance["role"]): number {
    const { self } = this.options;
    let count = self.role === role ? 1 : 0;
    for (const [id, { instance }] of this.seen) if (id !== self.id && instance.role === role && this.isCurrent(id)) count++;
    return count;
  }

  /** Gives a sign of life and looks for those of others. */
  async renew(): Promise<void> {
    await this.options.leases.beat({ ...this.options.self, beat: ++this.beat });
    await this.read();
  }

  private isCurrent(id: string): boolean {
    const seen = this.seen.get(id);
    return seen !== undefined && this.lastRead - seen.changed < this.lease;
  }

  private async read(): Promise<void> {
    const instances = await this.options.leases.list();
    const now = this.options.now();
    const blind = now - this.lastRead > this.lease / 2;
    this.lastRead = now;
    const present = new Set(instances.map(({ id }) => id));
    for (const id of this.seen.keys()) if (!present.has(id)) this.seen.delete(id);
    for (const instance of instances) {
      const known = this.seen.get(instance.id);
      this.absent.delete(instance.id);
      if (!known || known.instance.beat !== instance.beat || blind) this.seen.set(instance.id, { instance, changed: now });
      else if (now - known.changed > FORGOTTEN * this.lease) await this.options.leases.remove(instance.id);
    }
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      void this.renew()
        .catch((error: unknown) => this.options.logger.warn({ error: messageOf(error) }, "no sign of life could be given"))
        .finally(() => this.schedule());
    }, this.interval);
    this.timer.unref?.();
  }
}
