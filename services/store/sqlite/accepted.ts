import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Batcher } from "./batcher";

/**
 * The table under the embedded accepted log. It is in the same file as the records, because then both share one order:
 * no power loss can leave the removal of an entry and take the record for which it was removed.
 */
export class SqliteAccepted {
  private readonly insert: StatementSync;
  private readonly delete: StatementSync;
  private readonly select: StatementSync;
  private readonly selectIndex: StatementSync;
  private readonly selectOldest: StatementSync;
  private next: number;

  constructor(
    database: DatabaseSync,
    private readonly batcher: Batcher,
  ) {
    this.insert = database.prepare("INSERT INTO accepted (seq, namespace, message) VALUES (?, ?, ?)");
    this.delete = database.prepare("DELETE FROM accepted WHERE seq = ?");
    this.select = database.prepare("SELECT message FROM accepted WHERE seq = ?");
    this.selectIndex = database.prepare("SELECT seq, namespace FROM accepted ORDER BY seq");
    this.selectOldest = database.prepare("SELECT json_extract(message, '$.acceptedAt') AS acceptedAt FROM accepted ORDER BY seq LIMIT 1");
    this.next = (database.prepare("SELECT coalesce(max(seq), 0) + 1 AS next FROM accepted").get() as { next: number }).next;
  }

  /** Durable when it resolves, to its place in the order. */
  add(namespace: string, message: string): Promise<number> {
    const seq = this.next++;
    return this.batcher.write(() => (this.insert.run(seq, namespace, message), seq), { durable: true });
  }

  async remove(seq: number): Promise<void> {
    await this.batcher.write(() => this.delete.run(seq));
  }

  message(seq: number): string | undefined {
    return (this.select.get(seq) as { message: string } | undefined)?.message;
  }

  /** When the oldest of what is there was accepted, milliseconds since 1970; undefined: there is nothing. */
  async oldest(): Promise<number | undefined> {
    return (this.selectOldest.get() as { acceptedAt: number } | undefined)?.acceptedAt;
  }

  /** What is there, oldest first. */
  index(): { seq: number; namespace: string }[] {
    return this.selectIndex.all() as unknown as { seq: number; namespace: string }[];
  }
}
