import { WhiskError } from "../../core/errors";
import type { Completion, RunMessage } from "../../core/messages";
import type { RunLane, Runner } from "../../core/ports/lanes";

/** The run lane inside one process: a call. The runner has its own queue for what must wait. */
export class EmbeddedRunLane implements RunLane {
  readonly endsWithOwner = true;
  private closed = false;

  constructor(private readonly runner: Runner) {}

  async run(message: RunMessage): Promise<Completion> {
    if (this.closed) throw new WhiskError(503, "The platform is shutting down: no more runs are taken.");
    return this.runner.run(message);
  }

  /** Runs that are under way come to their end. */
  async close(): Promise<void> {
    this.closed = true;
  }
}
