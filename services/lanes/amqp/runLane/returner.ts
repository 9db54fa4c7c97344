import type { Hand, Hands } from "./hands";

/**
 * How long a run waits here before others are asked: one that came because this invoker has containers of its key, and one
 * that came from a pending queue. Milliseconds.
 */
const PATIENCE = { direct: 30, pending: 1_000 };
/** One of each key at a time: an invoker that takes it serves the key from then on, and fetches more by itself. Milliseconds. */
const PAUSE = 100;
const LOOK = 20;

/** Gives runs back for which there is no room here, so that an invoker with room starts a container for their key. */
export class Returner {
  private timer: NodeJS.Timeout | undefined;
  private readonly last = new Map<string, number>();
  private closed = false;

  constructor(
    private readonly hands: Hands,
    private readonly isAlone: () => boolean,
    private readonly now: () => number,
  ) {}

  /** Something waits. @param giveBack false: a container is on its way to it */
  watch(giveBack: (hand: Hand) => boolean): void {
    if (this.closed) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.look(giveBack);
    }, LOOK).unref();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private look(giveBack: (hand: Hand) => boolean): void {
    const waiting = this.hands.waiting();
    if (waiting.length === 0) return;
    this.watch(giveBack);
    if (this.isAlone()) return;
    const now = this.now();
    for (const [key, at] of this.last) if (now - at >= PAUSE) this.last.delete(key);
    for (const hand of waiting) {
      const patience = hand.direct ? PATIENCE.direct : PATIENCE.pending;
      if (now - hand.since < patience || this.last.has(hand.key)) continue;
      if (giveBack(hand)) this.last.set(hand.key, now);
    }
  }
}
