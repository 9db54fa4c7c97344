import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ActivationId } from "../../core/ids";
import type { Start, StartStore } from "../../core/ports/store";
import type { Batcher } from "./batcher";

export class SqliteStarts implements StartStore {
  private readonly insert: StatementSync;
  private readonly select: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly batcher: Batcher,
  ) {
    this.insert = database.prepare("INSERT OR IGNORE INTO starts (id, attempt, invoker, at) VALUES (?, ?, ?, ?)");
    this.select = database.prepare("SELECT invoker, at FROM starts WHERE id = ? AND attempt = ?");
  }

  claim({ activationId, attempt, invoker, at }: Start): Promise<boolean> {
    return this.batcher.write(() => this.insert.run(activationId, attempt, invoker, at).changes === 1, { durable: true });
  }

  async get(activationId: ActivationId, attempt: number): Promise<Start | undefined> {
    const row = this.select.get(activationId, attempt) as { invoker: string; at: number } | undefined;
    return row && { activationId, attempt, invoker: row.invoker, at: row.at };
  }
}
