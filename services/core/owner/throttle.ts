import { WhiskError } from "../errors";
import type { RateLimits } from "../model/namespaceLimits";

export interface ThrottleOptions {
  /** Of a namespace, as they are now. Asked with each call, so not of the store. */
  limits(namespace: string): RateLimits;
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

/**
 * Refuses what a namespace asks beyond its limits. Messages and what counts are OpenWhisk's: each request to invoke or to
 * fire, also one that is refused or finds nothing; a sequence or composition once, whatever is in it; each action that a
 * rule invokes.
 */
export class Throttle {
  private readonly usage = new Map<string, Usage>();
  private swept = 0;

  constructor(private readonly options: ThrottleOptions) {}

  /** An action is to be invoked, blocking or not. @throws WhiskError 429 */
  invocation(namespace: string): void {
    const usage = this.of(namespace);
    this.checkRate(++usage.invocations, this.options.limits(namespace).invocationsPerMinute);
    this.checkConcurrent(namespace, usage);
  }

  /** A trigger is to be fired. @throws WhiskError 429 */
  fire(namespace: string): void {
    this.checkRate(++this.of(namespace).fires, this.options.limits(namespace).firesPerMinute);
  }

  /**
   * An invocation for which somebody waits begins. @returns what is to be called at its end
   * @throws WhiskError 429
   */
  enter(namespace: string): () => void {
    this.checkConcurrent(namespace, this.of(namespace));
    return this.count(namespace);
  }

  /** An invocation that was promised begins: it counts, and is not refused. @returns what is to be called at its end */
  count(namespace: string): () => void {
    const usage = this.of(namespace);
    usage.concurrent++;
    return () => void usage.concurrent--;
  }

  private checkRate(count: number, limit: number): void {
    const allowed = this.part(limit);
    if (count > allowed) throw new WhiskError(429, `Too many requests in the last minute (count: ${count}, allowed: ${allowed}).`);
  }

  private checkConcurrent(namespace: string, { concurrent: count }: Usage): void {
    const allowed = this.part(this.options.limits(namespace).concurrentInvocations);
    if (count >= allowed) throw new WhiskError(429, `Too many concurrent requests in flight (count: ${count}, allowed: ${allowed}).`);
  }

  /** This controller's part of a limit: never less than one, unless nothing at all is allowed. */
  private part(limit: number): number {
    if (limit === Infinity || limit === 0) return limit;
    const { controllers = () => 1 } = this.options;
    return Math.max(1, Math.floor(limit / Math.max(1, controllers())));
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
