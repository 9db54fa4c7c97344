import type { Pooled } from "./pooled";

/** Runtimes of a kind to keep ready while the kind is in use. */
export interface StemCell {
  kind: string;
  /** MB. */
  memory: number;
  count: number;
}

interface Shelf extends StemCell {
  ready: Pooled[];
  starting: number;
  /** No more are started until then: one has failed to. Milliseconds since 1970. */
  startAfter: number;
  /** Last time that somebody needed a container of the kind. Milliseconds since 1970. */
  wanted: number;
}

/** Pause after a runtime that did not start. Milliseconds. */
const RETRY = 5_000;
/** The run that takes a stem cell needs the CPU first; the next one is started after this. Milliseconds. */
const REFILL_PAUSE = 100;

/** Containers without code. Their number follows demand: a kind that nobody has needed for a time keeps none. */
export class Prewarmed {
  private readonly shelves = new Map<string, Shelf>();

  constructor(
    cells: readonly StemCell[],
    /** How long after its last demand a kind keeps its stem cells. Milliseconds. */
    private readonly keep: number,
    private readonly now: () => number,
  ) {
    for (const cell of cells) this.shelf(cell.kind, cell.memory).count += cell.count;
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

  /** Whether one with that little use is still worth its memory, and until when. Milliseconds since 1970. */
  wantedUntil({ kind, memory }: Pooled): number {
    const shelf = this.shelves.get(idOf(kind, memory));
    return shelf && shelf.ready.length <= shelf.count ? shelf.wanted + this.keep : 0;
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
  }

  get size(): number {
    let size = 0;
    for (const { ready } of this.shelves.values()) size += ready.length;
    return size;
  }

  private lacks({ ready, starting, count, wanted }: Shelf): boolean {
    return ready.length + starting < count && this.now() - wanted < this.keep;
  }

  private shelf(kind: string, memory: number): Shelf {
    const id = idOf(kind, memory);
    let shelf = this.shelves.get(id);
    if (!shelf) this.shelves.set(id, (shelf = { kind, memory, count: 0, ready: [], starting: 0, startAfter: 0, wanted: -Infinity }));
    return shelf;
  }
}

const idOf = (kind: string, memory: number) => `${kind} ${memory}`;
