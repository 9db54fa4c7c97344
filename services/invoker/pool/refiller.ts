import { messageOf } from "../../core/errors";
import type { Logger } from "../../core/owner/context";
import type { Fleet } from "./fleet";
import type { Pooled } from "./pooled";
import type { Prewarmed } from "./prewarmed";

export interface RefillerOptions {
  maxStarting: number;
  logger: Logger;
  prewarmed: Prewarmed;
  fleet: Fleet;
  /** Keeps a container that nobody uses. */
  shelve(pooled: Pooled): void;
  end(pooled: Pooled): void;
}

/** Starts stem cells in the background, never in the way of a run that waits. */
export class Refiller {
  private closed = false;

  constructor(
    private readonly options: RefillerOptions,
    /** One has been started, or has failed to. */
    private readonly done: () => void,
  ) {}

  /** Starts what is missing and fits. @returns when to look again, milliseconds since 1970 */
  refill(): number {
    const { prewarmed, fleet, maxStarting } = this.options;
    while (!this.closed && fleet.starting < maxStarting) {
      const cell = prewarmed.next((memory) => fleet.fits(memory));
      if (!cell) return prewarmed.due();
      fleet.start({ name: `prewarmed ${cell.kind}`, kind: cell.kind, memory: cell.memory }).then(
        (pooled) => {
          prewarmed.started(cell, pooled);
          this.options.shelve(pooled);
          if (pooled.dead || this.closed) this.options.end(pooled);
          this.done();
        },
        (error: unknown) => {
          prewarmed.started(cell, undefined);
          this.options.logger.warn({ kind: cell.kind, error: messageOf(error) }, "a runtime could not be kept ready");
          this.done();
        },
      );
    }
    return Infinity;
  }

  close(): void {
    this.closed = true;
  }
}
