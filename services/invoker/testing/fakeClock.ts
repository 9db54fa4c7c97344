import type { Clock } from "../pool/alarm";

/** Time that passes when a test says so. */
export class FakeClock implements Clock {
  private time = 1_000_000;
  private readonly timers = new Set<{ time: number; call: () => void }>();

  readonly now = (): number => this.time;

  readonly after = (milliseconds: number, call: () => void): (() => void) => {
    const timer = { time: this.time + milliseconds, call };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  };

  get pending(): number {
    return this.timers.size;
  }

  /** Lets time pass, rings what is due in order, and lets what follows from each happen. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      const [next] = [...this.timers].filter(({ time }) => time <= end).sort((a, b) => a.time - b.time);
      if (!next) break;
      this.timers.delete(next);
      this.time = Math.max(this.time, next.time);
      next.call();
      await settle();
    }
    this.time = end;
    await settle();
  }
}

/** Lets promises that are settled have their effects. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
