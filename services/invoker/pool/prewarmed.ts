import type { Pooled } from "./pooled";

/** Runtimes of a kind to keep ready: while the kind is in use, or, if their number follows cold starts, always. */
export interface StemCell {
  kind: string;
  /** MB. */
  memory: number;
  /** From the beginning, and as long as the kind is in use if nothing else is said. */
  count: number;
  reactive?: Reactive;
}

/** How the number of runtimes that stand ready follows the runs that found none. Names are OpenWhisk's, of `runtimes.json`. */
export interface Reactive {
  /** Never fewer. */
  minCount: number;
  maxCount: number;
  /** What is not needed, and above `minCount`, goes after so long. Milliseconds. */
  ttl: number;
  /** For so many cold starts in the last minute… */
  threshold: number;
  /** …so many stand ready. */
  increment: number;
}

interface Shelf extends StemCell {
  ready: Pooled[];
  /** The last cold starts, oldest first. Milliseconds since 1970. */
  colds: number[];
  starting: number;
  /** No more are started until then: one has failed to. Milliseconds since 1970. */
  startAfter: number;
  /** There were as many as there are to be at the beginning. */
  started: boolean;
  /** Last time that somebody needed a container of the kind. Milliseconds since 1970. */
  wanted: number;
}

/** Pause after a runtime that did not start. Milliseconds. */
const RETRY = 5_000;
/** Cold starts count so long. Milliseconds. */
const MINUTE = 60_000;
/** The run that takes a stem cell needs the CPU first; the next one is started after this. Milliseconds. */
const REFILL_PAUSE = 100;

/** Containers without code. Their number follows demand. */
export class Prewarmed {
  private readonly shelves = new Map<string, Shelf>();

  constructor(
    cells: readonly StemCell[],
    /** How long after its last demand a kind keeps its stem cells. Milliseconds. */
    private readonly keep: number,
    private readonly now: () => number,
  ) {
    for (const { kind, memory, count, reactive } of cells) {
      const shelf = this.shelf(kind, memory);
      shelf.count += count;
      shelf.reactive ??= reactive;
      shelf.started = shelf.count === 0;
    }
  }

  /** Treats every kind as if it had just been needed. */
  wantAll(): void {
    for (const shelf of this.shelves.values()) shelf.wanted = this.now();
  }

  /** Somebody needs a container of the kind. */
  want(kind: string, memory: number): void {
    const shelf = this.shelves.get(idOf(kind, memory));
    if (shelf) shelf.wanted = this.now();
  }

  /** A run of the kind has found none, and gets a new container. */
  missed(kind: string, memory: number): void {
    const shelf = this.shelves.get(idOf(kind, memory));
    if (!shelf?.reactive) return;
    const { threshold, increment, maxCount } = shelf.reactive;
    shelf.colds.push(this.now());
    // More than these cannot change anything.
    if (shelf.colds.length > threshold * Math.ceil(maxCount / increment)) shelf.colds.shift();
  }

  take(kind: string, memory: number): Pooled | undefined {
    const shelf = this.shelves.get(idOf(kind, memory));
    const pooled = shelf?.ready.pop();
    // The first of several takes counts: steady demand must not put it off for ever.
    if (pooled && shelf!.startAfter <= this.now()) shelf!.startAfter = this.now() + REFILL_PAUSE;
    return pooled;
  }

  put(pooled: Pooled): void {
    this.shelf(pooled.kind, pooled.memory).ready.push(pooled);
  }

  remove(pooled: Pooled): void {
    const ready = this.shelves.get(idOf(pooled.kind, pooled.memory))?.ready ?? [];
    const at = ready.indexOf(pooled);
    if (at >= 0) ready.splice(at, 1);
  }

  /** Until when one is worth its memory. Milliseconds since 1970. */
  wantedUntil(pooled: Pooled): number {
    const shelf = this.shelves.get(idOf(pooled.kind, pooled.memory));
    if (!shelf?.reactive) return Math.max(pooled.idleSince + this.keep, shelf && shelf.ready.length <= shelf.count ? shelf.wanted + this.keep : 0);
    const { minCount, ttl } = shelf.reactive;
    if (shelf.ready.indexOf(pooled) < minCount) return Infinity;
    return Math.max(pooled.idleSince + ttl, (shelf.colds.at(-1) ?? -Infinity) + MINUTE);
  }

  /** A kind of which one more should be started; the caller tells the end by {@link started}. */
  next(fits: (memory: number) => boolean): StemCell | undefined {
    for (const shelf of this.shelves.values()) {
      if (!this.lacks(shelf) || this.now() < shelf.startAfter || !fits(shelf.memory)) continue;
      shelf.starting++;
      return shelf;
    }
    return undefined;
  }

  /** When one that has to wait may be started. Milliseconds since 1970; infinite: none has to. */
  due(): number {
    let due = Infinity;
    for (const shelf of this.shelves.values()) if (this.lacks(shelf) && shelf.startAfter > this.now()) due = Math.min(due, shelf.startAfter);
    return due;
  }

  started({ kind, memory }: StemCell, pooled: Pooled | undefined): void {
    const shelf = this.shelf(kind, memory);
    shelf.starting--;
    if (pooled) shelf.ready.push(pooled);
    else shelf.startAfter = this.now() + RETRY;
    if (shelf.ready.length >= shelf.count) shelf.started = true;
  }

  get size(): number {
    let size = 0;
    for (const { ready } of this.shelves.values()) size += ready.length;
    return size;
  }

  private lacks(shelf: Shelf): boolean {
    return shelf.ready.length + shelf.starting < this.targetOf(shelf);
  }

  private targetOf({ count, wanted, reactive, colds, started }: Shelf): number {
    if (!reactive) return this.now() - wanted < this.keep ? count : 0;
    if (!started) return count;
    const { minCount, maxCount, threshold, increment } = reactive;
    const recent = colds.filter((time) => this.now() - time < MINUTE).length;
    return Math.min(Math.max(minCount, Math.floor(recent / threshold) * increment), maxCount);
  }

  private shelf(kind: string, memory: number): Shelf {
    const id = idOf(kind, memory);
    let shelf = this.shelves.get(id);
    if (!shelf) this.shelves.set(id, (shelf = { kind, memory, count: 0, ready: [], starting: 0, startAfter: 0, wanted: -Infinity, colds: [], started: false }));
    return shelf;
  }
}

const idOf = (kind: string, memory: number) => `${kind} ${memory}`;
