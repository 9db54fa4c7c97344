import { again } from "../core/again";
import { messageOf } from "../core/errors";
import type { ActivationId } from "../core/ids";
import type { Activation } from "../core/model/activation";
import type { Logger } from "../core/owner/context";
import type { ActivationStore, AttemptEnd, StartStore } from "../core/ports/store";
import { within } from "../core/within";
import { storePauses } from "./storePauses";

/** Brings outcomes of runs into the store, however often that takes. */
export class RecordWriter {
  private pending = 0;
  private readonly idle: (() => void)[] = [];

  constructor(
    private readonly store: { activations: Pick<ActivationStore, "insert">; starts: Pick<StartStore, "end"> },
    private readonly logger: Logger,
  ) {}

  /** The store's `insert` is called before this returns. Resolves, to whether this record was the first, when it is durable; never rejects. */
  write(record: Activation, transactionId: string, { awaited = true } = {}): Promise<boolean> {
    return this.persist({ activationId: record.activationId, transactionId }, "a record", () => this.store.activations.insert(record, { awaited }));
  }

  /** Resolves when the end of an attempt after which others follow is durable; never rejects. */
  end(end: AttemptEnd, transactionId: string): Promise<void> {
    return this.persist({ activationId: end.activationId, transactionId }, "the end of an attempt", () => this.store.starts.end(end));
  }

  /** Resolves to the number of writes that are not in the store, which is 0 unless `limit` milliseconds have passed. */
  async flushed(limit: number): Promise<number> {
    if (this.pending === 0) return 0;
    await within(new Promise<void>((resolve) => this.idle.push(resolve)), limit);
    return this.pending;
  }

  /** Writes that are not in the store. */
  get size(): number {
    return this.pending;
  }

  private async persist<T>(named: { activationId: ActivationId; transactionId: string }, what: string, write: () => Promise<T>): Promise<T> {
    this.pending++;
    const failed = (error: unknown) => this.logger.error({ ...named, error: messageOf(error) }, `${what} could not be stored and is offered again`);
    const written = await again(write, { pause: storePauses(), failed });
    if (--this.pending === 0) for (const done of this.idle.splice(0)) done();
    return written;
  }
}
