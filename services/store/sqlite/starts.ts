import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ActivationId } from "../../core/ids";
import type { ActionRef } from "../../core/messages";
import type { ActivationResponse } from "../../core/model/activation";
import type { AttemptEnd, Start, StartStore } from "../../core/ports/store";
import type { Batcher } from "./batcher";

export class SqliteStarts implements StartStore {
  private readonly insert: StatementSync;
  private readonly select: StatementSync;
  private readonly insertEnd: StatementSync;
  private readonly selectEnd: StatementSync;

  constructor(
    database: DatabaseSync,
    private readonly batcher: Batcher,
  ) {
    this.insert = database.prepare("INSERT OR IGNORE INTO starts (id, attempt, invoker, at, action) VALUES (?, ?, ?, ?, ?)");
    this.select = database.prepare("SELECT invoker, at, action FROM starts WHERE id = ? AND attempt = ?");
    this.insertEnd = database.prepare("INSERT OR IGNORE INTO attempt_ends (id, attempt, at, response) VALUES (?, ?, ?, ?)");
    this.selectEnd = database.prepare("SELECT at, response FROM attempt_ends WHERE id = ? AND attempt = ?");
  }

  claim({ activationId, attempt, invoker, at, action }: Start): Promise<boolean> {
    const json = action === undefined ? null : JSON.stringify(action);
    return this.batcher.write(() => this.insert.run(activationId, attempt, invoker, at, json).changes === 1, { durable: true });
  }

  async get(activationId: ActivationId, attempt: number): Promise<Start | undefined> {
    const row = this.select.get(activationId, attempt) as { invoker: string; at: number; action: string | null } | undefined;
    if (!row) return undefined;
    const { invoker, at, action } = row;
    return { activationId, attempt, invoker, at, ...(action !== null && { action: JSON.parse(action) as ActionRef }) };
  }

  async end({ activationId, attempt, at, response }: AttemptEnd): Promise<void> {
    const json = JSON.stringify(response);
    await this.batcher.write(() => this.insertEnd.run(activationId, attempt, at, json), { durable: true });
  }

  async ended(activationId: ActivationId, attempt: number): Promise<AttemptEnd | undefined> {
    const row = this.selectEnd.get(activationId, attempt) as { at: number; response: string } | undefined;
    return row && { activationId, attempt, at: row.at, response: JSON.parse(row.response) as ActivationResponse };
  }
}
