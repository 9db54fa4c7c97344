import type { Pooled } from "./pooled";

/** Runtimes of a kind that are started before anybody asks. */
export interface StemCell {
  kind: string;
  /** MB. */
  memory: number;
  count: number;
}

interface Cell extends StemCell {
  ready: Pooled[];
  starting: number;
  /** Last time that somebody asked for the kind. Milliseconds since 1970. */
  wanted: number;
}

/** Containers without code, of the kinds that are in use. A kind that nobody asks for any more loses its own. */
export class Prewarmed {
  private readonly cells: Cell[];
  private closed = false;

  constructor(
    cells: readonly StemCell[],
    /** Milliseconds. */
    private readonly idleTimeout: number,
    private readonly pool: { now(): number; hasRoom(memory: number): boolean; start(cell: StemCell): Promise<Pooled> },
  ) {
    this.cells = cells.map((cell) => ({ ...cell, ready: [], starting: 0, wanted: pool.now() }));
  }

  /** Starts what is missing and fits. */
  fill(): void {
    for (const cell of this.cells) {
      while (!this.closed && cell.ready.length + cell.starting < cell.count && this.isWanted(cell) && this.pool.hasRoom(cell.memory)) {
        cell.starting++;
        this.pool
          .start(cell)
          .then(
            (pooled) => void (pooled.dead || cell.ready.push(pooled)),
            // It is told by who starts it; the next demand tries again.
            () => undefined,
          )
          .finally(() => cell.starting--);
      }
    }
  }

  /** Somebody asks for the kind. */
  note(kind: string): void {
    for (const cell of this.cells) if (cell.kind === kind) cell.wanted = this.pool.now();
  }

  take(kind: string, image: string | undefined, memory: number): Pooled | undefined {
    if (image !== undefined) return undefined;
    const pooled = this.cells.find((cell) => cell.kind === kind && cell.memory === memory)?.ready.pop();
    // Not at once: the run that takes this one needs the CPU now.
    if (pooled) setTimeout(() => this.fill(), REFILL_PAUSE).unref();
    return pooled;
  }

  takeAny(): Pooled | undefined {
    return this.cells.find(({ ready }) => ready.length > 0)?.ready.pop();
  }

  forget(pooled: Pooled): boolean {
    for (const { ready } of this.cells) {
      const at = ready.indexOf(pooled);
      if (at >= 0) return ready.splice(at, 1).length > 0;
    }
    return false;
  }

  /** Those that are not wanted any more. */
  expire(): Pooled[] {
    return this.cells.filter((cell) => !this.isWanted(cell)).flatMap((cell) => cell.ready.splice(0));
  }

  close(): void {
    this.closed = true;
  }

  private isWanted(cell: Cell): boolean {
    return this.pool.now() - cell.wanted < this.idleTimeout;
  }
}

/** Milliseconds. */
const REFILL_PAUSE = 100;
