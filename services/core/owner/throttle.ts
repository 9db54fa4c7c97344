import { WhiskError } from "../errors";

/** What one namespace may ask of the whole platform. */
export interface NamespaceLimits {
  /** Blocking calls under way at the same time. */
  concurrentInvocations: number;
  /** Invocations, blocking or accepted, in a minute. */
  invocationsPerMinute: number;
  /** Trigger fires in a minute. */
  firesPerMinute: number;
}

export const UNLIMITED: NamespaceLimits = { concurrentInvocations: Infinity, invocationsPerMinute: Infinity, firesPerMinute: Infinity };

export interface ThrottleOptions {
  limits: NamespaceLimits;
  /** Controllers that live: each enforces its part of a limit, so none has to ask the others. @default one */
  controllers?(): number;
  /** Milliseconds since 1970. */
  now(): number;
}

const MINUTE = 60_000;

interface Usage {
  concurrent: number;
  minute: number;
  invocations: number;
  fires: number;
}

/** Refuses what a namespace asks beyond its limits. Messages are OpenWhisk's. */
export class Throttle {
  private readonly usage = new Map<string, Usage>();
  private swept = 0;

  constructor(private readonly options: ThrottleOptions) {}

  /**
   * A blocking call begins. @returns what is to be called at its end
   * @throws WhiskError 429
   */
  enter(namespace: string): () => void {
    const usage = this.of(namespace);
    this.checkRate(usage.invocations, "invocationsPerMinute");
    const allowed = this.part(this.options.limits.concurrentInvocations);
    if (usage.concurrent >= allowed) {
      throw new WhiskError(429, `Too many concurrent requests in flight (count: ${usage.concurrent}, allowed: ${allowed}).`);
    }
    usage.invocations++;
    usage.concurrent++;
    return () => void usage.concurrent--;
  }

  /** An invocation is to be accepted. @throws WhiskError 429 */
  invocation(namespace: string): void {
    const usage = this.of(namespace);
    this.checkRate(usage.invocations, "invocationsPerMinute");
    usage.invocations++;
  }

  /** A trigger is to be fired. @throws WhiskError 429 */
  fire(namespace: string): void {
    const usage = this.of(namespace);
    this.checkRate(usage.fires, "firesPerMinute");
    usage.fires++;
  }

  private checkRate(count: number, limit: "invocationsPerMinute" | "firesPerMinute"): void {
    const allowed = this.part(this.options.limits[limit]);
    if (count >= allowed) throw new WhiskError(429, `Too many requests in the last minute (count: ${count}, allowed: ${allowed}).`);
  }

  /** This controller's part of a limit, never less than one. */
  private part(limit: number): number {
    const { controllers = () => 1 } = this.options;
    return limit === Infinity ? limit : Math.max(1, Math.floor(limit / Math.max(1, controllers())));
  }

  private of(namespace: string): Usage {
    const minute = Math.floor(this.options.now() / MINUTE);
    if (minute !== this.swept) this.sweep(minute);
    let usage = this.usage.get(namespace);
    if (!usage) this.usage.set(namespace, (usage = { concurrent: 0, minute, invocations: 0, fires: 0 }));
    if (usage.minute !== minute) Object.assign(usage, { minute, invocations: 0, fires: 0 });
    return usage;
  }

  /** Namespaces that are at rest need not be remembered. */
  private sweep(minute: number): void {
    this.swept = minute;
    for (const [name, { concurrent }] of this.usage) if (concurrent === 0) this.usage.delete(name);
  }
}
