import type { AcceptedMessage } from "../messages";
import type { AcceptedLog } from "../ports/lanes";

type Handler = Parameters<AcceptedLog["consume"]>[0];

interface Entry {
  text: string;
  deliveries: number;
}

/** The AcceptedLog port in memory: an entry goes when its handler has succeeded, and not before; for unit tests. */
export class MemoryLog implements AcceptedLog {
  private readonly entries = new Set<Entry>();
  private handler?: Handler;
  /** Thrown by `append` while it is set: the log is full. */
  full?: Error;

  async append(message: AcceptedMessage): Promise<void> {
    if (this.full) throw this.full;
    this.entries.add({ text: JSON.stringify(message), deliveries: 0 });
  }

  async consume(handler: Handler): Promise<void> {
    this.handler = handler;
  }

  /** Delivers every entry once; those whose handler rejects stay. Answers what they rejected with. */
  async deliver(): Promise<unknown[]> {
    const failures: unknown[] = [];
    await Promise.all(
      [...this.entries].map(async (entry) => {
        try {
          await this.handler!(JSON.parse(entry.text) as AcceptedMessage, { redelivered: entry.deliveries++ > 0 });
          this.entries.delete(entry);
        } catch (error) {
          failures.push(error);
        }
      }),
    );
    return failures;
  }

  /** What is not done. */
  get messages(): AcceptedMessage[] {
    return [...this.entries].map(({ text }) => JSON.parse(text) as AcceptedMessage);
  }

  async depth(): Promise<number> {
    return this.entries.size;
  }

  async close(): Promise<void> {}
}
