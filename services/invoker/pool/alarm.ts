/** Time, and one call after some of it. Tests have their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once after so many milliseconds, unless what it returns is called before. */
  after(milliseconds: number, call: () => void): () => void;
}

/** The system's. Its timers do not keep the process alive. */
export const systemClock = (now: () => number): Clock => ({
  now,
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds).unref();
    return () => clearTimeout(timer);
  },
});

/** One timer for many reasons: it rings at the earliest, and whoever hears it looks at what is due. */
export class Alarm {
  private time = Infinity;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly ring: () => void,
  ) {}

  /** Rings at that time, or earlier. Infinity: need not. */
  at(time: number): void {
    if (time >= this.time) return;
    this.cancel?.();
    this.time = time;
    this.cancel = this.clock.after(Math.max(0, time - this.clock.now()), () => {
      this.stop();
      this.ring();
    });
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.time = Infinity;
  }
}
