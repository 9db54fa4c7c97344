import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { CodeStore } from "../../core/ports/store";
import type { Batcher } from "./batcher";

/** Bytes of a row: small enough that others get their turn between two of them. */
const CHUNK = 1024 * 1024;

/** Code in chunks; the row that makes it visible comes last. */
export class SqliteCode implements CodeStore {
  private readonly selectChunks: StatementSync;
  private readonly selectChunk: StatementSync;
  private readonly insertChunk: StatementSync;
  private readonly deleteChunks: StatementSync;
  private readonly insertCode: StatementSync;
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(
    database: DatabaseSync,
    private readonly batcher: Batcher,
  ) {
    this.selectChunks = database.prepare("SELECT chunks FROM code WHERE sha = ?");
    this.selectChunk = database.prepare("SELECT data FROM code_chunks WHERE sha = ? AND n = ?");
    this.insertChunk = database.prepare("INSERT INTO code_chunks (sha, n, data) VALUES (?, ?, ?)");
    this.deleteChunks = database.prepare("DELETE FROM code_chunks WHERE sha = ?");
    this.insertCode = database.prepare("INSERT INTO code (sha, chunks) VALUES (?, ?)");
  }

  put(sha: string, code: string): Promise<void> {
    let put = this.underWay.get(sha);
    if (!put) {
      put = this.write(sha, code).finally(() => this.underWay.delete(sha));
      this.underWay.set(sha, put);
    }
    return put;
  }

  async get(sha: string): Promise<string | undefined> {
    const chunks = this.chunksOf(sha);
    if (chunks === undefined) return undefined;
    const parts: Uint8Array[] = [];
    for (let n = 0; n < chunks; n++) {
      if (n > 0) await nextTurn();
      parts.push((this.selectChunk.get(sha, n) as { data: Uint8Array }).data);
    }
    return Buffer.concat(parts).toString("utf8");
  }

  private async write(sha: string, code: string): Promise<void> {
    if (this.chunksOf(sha) !== undefined) return;
    // A process that died half-way may have left some.
    await this.batcher.write(() => this.deleteChunks.run(sha));
    const bytes = Buffer.from(code, "utf8");
    const chunks = Math.ceil(bytes.length / CHUNK);
    for (let n = 0; n < chunks; n++) {
      const data = bytes.subarray(n * CHUNK, (n + 1) * CHUNK);
      await this.batcher.write(() => this.insertChunk.run(sha, n, data));
    }
    await this.batcher.write(() => this.insertCode.run(sha, chunks), { durable: true });
  }

  private chunksOf(sha: string): number | undefined {
    return (this.selectChunks.get(sha) as { chunks: number } | undefined)?.chunks;
  }
}
