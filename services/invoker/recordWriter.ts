import { messageOf } from "../core/errors";
import type { Activation } from "../core/model/activation";
import type { Logger } from "../core/owner/context";
import type { ActivationStore } from "../core/ports/store";

/** Pause before a record is offered to the store again: doubles from the first to the second. Milliseconds. */
const RETRY_PAUSE = { first: 100, most: 5_000 };

/** Brings records into the store, however often that takes. */
export class RecordWriter {
  private pending = 0;
  private readonly idle: (() => void)[] = [];

  constructor(
    private readonly store: Pick<ActivationStore, "insert">,
    private readonly logger: Logger,
  ) {}

  /** The store's `insert` is called before this returns. Resolves, to whether this record was the first, when it is durable; never rejects. */
  async write(record: Activation, { awaited = true } = {}): Promise<boolean> {
    this.pending++;
    for (let pause = RETRY_PAUSE.first; ; pause = Math.min(2 * pause, RETRY_PAUSE.most)) {
      try {
        const first = await this.store.insert(record, { awaited });
        if (--this.pending === 0) for (const done of this.idle.splice(0)) done();
        return first;
      } catch (error) {
        this.logger.error({ activationId: record.activationId, error: messageOf(error) }, "a record could not be stored and is offered again");
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  /** Resolves to the number of records that are not in the store, which is 0 unless `limit` milliseconds have passed. */
  async flushed(limit: number): Promise<number> {
    if (this.pending === 0) return 0;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([new Promise<void>((resolve) => this.idle.push(resolve)), new Promise((resolve) => (timer = setTimeout(resolve, limit)))]);
    clearTimeout(timer);
    return this.pending;
  }
}
