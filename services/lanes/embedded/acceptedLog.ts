import { WhiskError } from "../../core/errors";
import type { AcceptedMessage } from "../../core/messages";
import type { AcceptedLog } from "../../core/ports/lanes";
import { Dispatcher, type DispatcherOptions, type Handler } from "../dispatch";
import type { AcceptedTable } from "./acceptedTable";

export interface EmbeddedAcceptedLogOptions extends DispatcherOptions {
  /** Entries that are not done, of all namespaces together. @default 100_000 */
  maxLength?: number;
  /** Entries that are not done, of one namespace: none can fill the log for all. @default half of maxLength */
  maxPerNamespace?: number;
}

interface Entry {
  seq: number;
  namespace: string;
  /** JSON; absent when it is only in the table. */
  text?: string;
  redelivered: boolean;
}

/** Characters of messages kept in memory; what exceeds them is read from the table when its turn comes. */
const MEMORY = 32 * 1024 * 1024;

/** An accepted log inside one process, on a table. */
export class EmbeddedAcceptedLog implements AcceptedLog {
  private readonly maxLength: number;
  private readonly maxPerNamespace: number;
  private readonly dispatcher: Dispatcher;
  /** Entries that are not done, by namespace; those that are being written included. */
  private readonly lengths = new Map<string, number>();
  private length = 0;
  private inMemory = 0;

  constructor(
    private readonly table: AcceptedTable,
    options: EmbeddedAcceptedLogOptions = {},
  ) {
    this.maxLength = options.maxLength ?? 100_000;
    this.maxPerNamespace = options.maxPerNamespace ?? Math.ceil(this.maxLength / 2);
    this.dispatcher = new Dispatcher(options);
    // An earlier process may have begun any of these.
    for (const { seq, namespace } of table.index()) {
      this.reserve(namespace);
      this.dispatch({ seq, namespace, redelivered: true });
    }
  }

  async append(message: AcceptedMessage): Promise<void> {
    if (this.dispatcher.isClosed) throw new WhiskError(503, "The platform is shutting down: no more work is accepted.");
    const { namespace } = message.identity;
    this.checkRoom(namespace);
    this.reserve(namespace);
    const text = JSON.stringify(message);
    const adding = this.table.add(namespace, text);
    this.dispatcher.track(adding);
    let seq: number;
    try {
      seq = await adding;
    } catch (error) {
      this.free(namespace);
      throw error;
    }
    const entry: Entry = { seq, namespace, redelivered: false };
    if (this.inMemory + text.length <= MEMORY) {
      entry.text = text;
      this.inMemory += text.length;
    }
    this.dispatch(entry);
  }

  async consume(handler: Handler): Promise<void> {
    this.dispatcher.start(handler);
  }

  /** Entries that are not done, those that are being written included. */
  get size(): number {
    return this.length;
  }

  async depth(): Promise<number> {
    return this.length;
  }

  close(): Promise<void> {
    return this.dispatcher.close();
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

  private dispatch(entry: Entry): void {
    this.dispatcher.add({
      namespace: entry.namespace,
      redelivered: entry.redelivered,
      take: () => this.take(entry),
      done: async () => {
        await this.table.remove(entry.seq);
        this.free(entry.namespace);
      },
    });
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
}
