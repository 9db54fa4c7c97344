import { messageOf, WhiskError } from "../../core/errors";
import type { AcceptedMessage } from "../../core/messages";
import type { AcceptedLog } from "../../core/ports/lanes";
import type { AcceptedTable } from "./acceptedTable";
import { FairQueue } from "./fairQueue";

export interface EmbeddedAcceptedLogOptions {
  /** Handlers that work at the same time. @default 64 */
  concurrency?: number;
  /** Entries that are not done, of all namespaces together. @default 100_000 */
  maxLength?: number;
  /** Entries that are not done, of one namespace: none can fill the log for all. @default half of maxLength */
  maxPerNamespace?: number;
  /** Milliseconds before the second delivery; doubled for each further one. @default 100 */
  pause?: number;
  /** Milliseconds that the pause does not exceed. @default 10_000 */
  maxPause?: number;
  timers?: Timers;
  /** Told of each handler that rejected. */
  onFailure?: (message: string, detail: { activationId: string; deliveries: number }) => void;
}

export interface Timers {
  /** Calls back after so many milliseconds, unless what it returned is called before. */
  after(milliseconds: number, callback: () => void): () => void;
}

type Handler = Parameters<AcceptedLog["consume"]>[0];

interface Entry {
  seq: number;
  namespace: string;
  /** JSON; absent when it is only in the table. */
  text?: string;
  redelivered: boolean;
  /** Since this process began. */
  deliveries: number;
}

/** Characters of messages kept in memory; what exceeds them is read from the table when its turn comes. */
const MEMORY = 32 * 1024 * 1024;

/**
 * A namespace gets a further handler while it has fewer than so many times those that are free. So one alone has nearly
 * all of them, and yet a newcomer need not wait until one of another's long runs ends.
 */
const GREED = 8;

const systemTimers: Timers = {
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** An accepted log inside one process, on a table. */
export class EmbeddedAcceptedLog implements AcceptedLog {
  private readonly concurrency: number;
  private readonly maxLength: number;
  private readonly maxPerNamespace: number;
  private readonly pause: number;
  private readonly maxPause: number;
  private readonly timers: Timers;
  private readonly ready = new FairQueue<Entry>();
  /** Entries that are not done, by namespace; those that are being written included. */
  private readonly lengths = new Map<string, number>();
  private length = 0;
  private inMemory = 0;
  private readonly pauses = new Set<() => void>();
  private readonly underWay = new Set<Promise<unknown>>();
  private running = 0;
  /** Handlers that work, by namespace. */
  private readonly inHand = new Map<string, number>();
  private handler?: Handler;
  private closed = false;

  constructor(
    private readonly table: AcceptedTable,
    private readonly options: EmbeddedAcceptedLogOptions = {},
  ) {
    this.concurrency = options.concurrency ?? 64;
    this.maxLength = options.maxLength ?? 100_000;
    this.maxPerNamespace = options.maxPerNamespace ?? Math.ceil(this.maxLength / 2);
    this.pause = options.pause ?? 100;
    this.maxPause = options.maxPause ?? 10_000;
    this.timers = options.timers ?? systemTimers;
    // An earlier process may have begun any of these.
    for (const { seq, namespace } of table.index()) {
      this.reserve(namespace);
      this.ready.push(namespace, { seq, namespace, redelivered: true, deliveries: 0 });
    }
  }

  async append(message: AcceptedMessage): Promise<void> {
    if (this.closed) throw new WhiskError(503, "The platform is shutting down: no more work is accepted.");
    const { namespace } = message.identity;
    this.checkRoom(namespace);
    this.reserve(namespace);
    const text = JSON.stringify(message);
    const adding = this.table.add(namespace, text);
    this.track(adding);
    let seq: number;
    try {
      seq = await adding;
    } catch (error) {
      this.free(namespace);
      throw error;
    }
    const entry: Entry = { seq, namespace, redelivered: false, deliveries: 0 };
    if (this.inMemory + text.length <= MEMORY) {
      entry.text = text;
      this.inMemory += text.length;
    }
    this.enqueue(entry);
  }

  async consume(handler: Handler): Promise<void> {
    if (this.handler) throw new Error("The accepted log has a consumer already.");
    this.handler = handler;
    this.deliver();
  }

  async depth(): Promise<number> {
    return this.length;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const cancel of this.pauses) cancel();
    this.pauses.clear();
    while (this.underWay.size > 0) await Promise.allSettled(this.underWay);
  }

  /** @throws WhiskError 503 when the log is full, 429 when the namespace's share is */
  private checkRoom(namespace: string): void {
    if (this.length >= this.maxLength) {
      throw new WhiskError(503, `Too much accepted work is waiting (limit: ${this.maxLength} invocations of all namespaces); try again later.`);
    }
    if ((this.lengths.get(namespace) ?? 0) >= this.maxPerNamespace) {
      throw new WhiskError(429, `Too much accepted work of namespace '${namespace}' is waiting (limit: ${this.maxPerNamespace} invocations); try again later.`);
    }
  }

  private reserve(namespace: string): void {
    this.length++;
    this.lengths.set(namespace, (this.lengths.get(namespace) ?? 0) + 1);
  }

  private free(namespace: string): void {
    this.length--;
    const left = this.lengths.get(namespace)! - 1;
    if (left > 0) this.lengths.set(namespace, left);
    else this.lengths.delete(namespace);
  }

  private enqueue(entry: Entry): void {
    this.ready.push(entry.namespace, entry);
    this.deliver();
  }

  private deliver(): void {
    const { handler } = this;
    if (!handler) return;
    while (!this.closed && this.running < this.concurrency) {
      const most = GREED * (this.concurrency - this.running);
      const entry = this.ready.shift((namespace) => (this.inHand.get(namespace) ?? 0) < most);
      if (!entry) return;
      this.employ(entry.namespace, 1);
      this.track(
        this.handle(entry, handler).finally(() => {
          this.employ(entry.namespace, -1);
          this.deliver();
        }),
      );
    }
  }

  private employ(namespace: string, change: 1 | -1): void {
    this.running += change;
    const inHand = (this.inHand.get(namespace) ?? 0) + change;
    if (inHand > 0) this.inHand.set(namespace, inHand);
    else this.inHand.delete(namespace);
  }

  /** Never rejects. */
  private async handle(entry: Entry, handler: Handler): Promise<void> {
    const { namespace, seq } = entry;
    let activationId = "";
    try {
      const message = this.take(entry);
      ({ activationId } = message);
      await handler(message, { redelivered: entry.redelivered || entry.deliveries > 0 });
      await this.table.remove(seq);
      this.free(namespace);
    } catch (error) {
      entry.deliveries++;
      this.options.onFailure?.(messageOf(error), { activationId, deliveries: entry.deliveries });
      this.redeliverLater(entry);
    }
  }

  private take(entry: Entry): AcceptedMessage {
    const { text } = entry;
    if (text !== undefined) {
      this.inMemory -= text.length;
      delete entry.text;
    }
    const found = text ?? this.table.message(entry.seq);
    if (found === undefined) throw new Error(`Entry ${entry.seq} of the accepted log is gone from its table.`);
    return JSON.parse(found) as AcceptedMessage;
  }

  private redeliverLater(entry: Entry): void {
    if (this.closed) return;
    const pause = Math.min(this.pause * 2 ** (entry.deliveries - 1), this.maxPause);
    const cancel = this.timers.after(pause, () => {
      this.pauses.delete(cancel);
      this.enqueue(entry);
    });
    this.pauses.add(cancel);
  }

  private track(work: Promise<unknown>): void {
    this.underWay.add(work);
    const done = () => this.underWay.delete(work);
    work.then(done, done);
  }
}
