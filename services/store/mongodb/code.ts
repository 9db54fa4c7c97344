import { Binary } from "mongodb";
import type { CodeStore } from "../../core/ports/store";
import type { Documents } from "./documents";
import type { ChunkDocument, CodeDocument, Collections } from "./schema";

/** Bytes of a chunk: 48 MB of code do not fit a document of 16 MB. */
const CHUNK = 4 * 1024 * 1024;

/** Code in chunks; the document that makes it visible comes last. */
export class MongoCode implements CodeStore {
  private readonly code: Documents<CodeDocument>;
  private readonly chunks: Documents<ChunkDocument>;
  private readonly underWay = new Map<string, Promise<void>>();

  constructor({ code, codeChunks }: Pick<Collections, "code" | "codeChunks">) {
    this.code = code;
    this.chunks = codeChunks;
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
    const document = await this.code.get(sha);
    if (!document) return undefined;
    const parts: Uint8Array[] = [];
    for (let n = 0; n < document.chunks; n++) {
      const chunk = await this.chunks.get(chunkId(sha, document.chunkSize, n));
      if (!chunk) throw new Error(`Chunk ${n} of code ${sha} is missing: the database has lost a part of it.`);
      parts.push(chunk.data.value());
    }
    return Buffer.concat(parts).toString("utf8");
  }

  /** A chunk that is there already is the same one: another process puts it too, or one that died had begun. */
  private async write(sha: string, code: string): Promise<void> {
    if (await this.code.get(sha)) return;
    const bytes = Buffer.from(code, "utf8");
    const chunks = Math.ceil(bytes.length / CHUNK);
    for (let n = 0; n < chunks; n++) {
      await this.chunks.insert({ _id: chunkId(sha, CHUNK, n), data: new Binary(bytes.subarray(n * CHUNK, (n + 1) * CHUNK)) });
    }
    await this.code.insert({ _id: sha, chunks, chunkSize: CHUNK });
  }
}

const chunkId = (sha: string, size: number, n: number): string => `${sha}/${size}/${n}`;
