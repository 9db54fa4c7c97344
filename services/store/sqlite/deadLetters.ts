import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ActivationId } from "../../core/ids";
import type { DeadLetter, DeadLetterStore } from "../../core/ports/store";
import type { Batcher } from "./batcher";
import { LATEST } from "./times";

/** Each letter is one JSON text, beside the columns by which it is found. */
export class SqliteDeadLetters implements DeadLetterStore {
  private readonly insert: StatementSync;
  private readonly select: StatementSync;
  private readonly selectList: StatementSync;
  private readonly selectCount: StatementSync;
  private readonly delete: StatementSync;
  private readonly deleteAll: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly batcher: Batcher,
  ) {
    this.insert = database.prepare("INSERT OR IGNORE INTO dead_letters (id, namespace, at, letter) VALUES (?, ?, ?, ?)");
    this.select = database.prepare("SELECT letter FROM dead_letters WHERE id = ? AND namespace = ?");
    this.selectList = database.prepare("SELECT letter FROM dead_letters WHERE namespace = ? ORDER BY at DESC, n DESC LIMIT ? OFFSET ?");
    this.selectCount = database.prepare("SELECT count(*) AS total FROM dead_letters WHERE namespace = ?");
    this.delete = database.prepare("DELETE FROM dead_letters WHERE id = ? AND namespace = ?");
    this.deleteAll = database.prepare("DELETE FROM dead_letters WHERE namespace = ? AND at <= ?");
  }

  async put(letter: DeadLetter): Promise<void> {
    const json = JSON.stringify(letter);
    await this.batcher.write(() => this.insert.run(letter.activationId, letter.namespace, letter.at, json), { durable: true });
  }

  async get(namespace: string, activationId: ActivationId): Promise<DeadLetter | undefined> {
    const row = this.select.get(activationId, namespace) as { letter: string } | undefined;
    return row && (JSON.parse(row.letter) as DeadLetter);
  }

  async list(namespace: string, { limit, skip }: { limit: number; skip: number }): Promise<DeadLetter[]> {
    return this.selectList.all(namespace, limit || -1, skip).map(({ letter }) => JSON.parse(letter as string) as DeadLetter);
  }

  async count(namespace: string): Promise<number> {
    return (this.selectCount.get(namespace) as { total: number }).total;
  }

  remove(namespace: string, activationId: ActivationId): Promise<boolean> {
    return this.batcher.write(() => this.delete.run(activationId, namespace).changes === 1, { durable: true });
  }

  purge(namespace: string, upto = LATEST): Promise<number> {
    return this.batcher.write(() => Number(this.deleteAll.run(namespace, upto).changes), { durable: true });
  }
}
