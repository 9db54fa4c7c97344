import type { Pooled } from "./pooled";

/** Containers that nobody uses, least recently used first. */
export class IdleContainers {
  private readonly all = new Set<Pooled>();

  constructor(
    /** Milliseconds after which an idle container is paused. */
    private readonly pauseAfter: number,
    /** When it should go. Milliseconds since 1970. */
    private readonly expiry: (pooled: Pooled) => number,
  ) {}

  get size(): number {
    return this.all.size;
  }

  add(pooled: Pooled, now: number): void {
    pooled.idleSince = now;
    this.all.add(pooled);
  }

  delete(pooled: Pooled): boolean {
    return this.all.delete(pooled);
  }

  [Symbol.iterator](): Iterator<Pooled> {
    return this.all.values();
  }

  /** Pauses what is due. @returns what has to go, and when to look again in milliseconds since 1970 */
  sweep(now: number): { expired: Pooled[]; next: number } {
    const expired: Pooled[] = [];
    let next = Infinity;
    for (const pooled of this.all) {
      const expiry = this.expiry(pooled);
      if (expiry <= now) {
        expired.push(pooled);
        continue;
      }
      const pauseAt = pooled.idleSince + this.pauseAfter;
      if (!pooled.paused && pauseAt <= now) pooled.pause();
      next = Math.min(next, expiry, pooled.paused ? Infinity : pauseAt);
    }
    return { expired, next };
  }
}
