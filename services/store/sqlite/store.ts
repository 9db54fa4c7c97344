import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Store } from "../../core/ports/store";
import { SqliteAccepted } from "./accepted";
import { SqliteActivations } from "./activations";
import { Batcher, type Durability } from "./batcher";
import { Checkpointer } from "./checkpointer";
import { SqliteCode } from "./code";
import { openDatabase } from "./database";
import { type DirectoryLock, lockDirectory } from "./directoryLock";
import { SqliteEntities } from "./entities";
import { SqliteNamespaces } from "./namespaces";
import { SqliteStarts } from "./starts";

export interface SqliteStoreOptions {
  /** Path of the database. Its directory is created, and locked for this process. */
  file: string;
  /** @default "power" */
  durability?: Durability;
}

/**
 * @throws DirectoryInUseError when another process has the directory
 * @throws UnreadableStateError when the file cannot be used
 */
export function openSqliteStore({ file, durability }: SqliteStoreOptions): SqliteStore {
  const lock = lockDirectory(dirname(file));
  try {
    return new SqliteStore(openDatabase(file), new Checkpointer(file), lock, durability);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Everything that the platform keeps, in one SQLite file. Use {@link openSqliteStore}. */
export class SqliteStore implements Store {
  readonly entities: SqliteEntities;
  readonly code: SqliteCode;
  readonly activations: SqliteActivations;
  readonly starts: SqliteStarts;
  readonly namespaces: SqliteNamespaces;
  /** For the embedded accepted log. */
  readonly accepted: SqliteAccepted;
  private readonly batcher: Batcher;
  private closing?: Promise<void>;

  constructor(
    private readonly database: DatabaseSync,
    private readonly checkpointer: Checkpointer,
    private readonly lock: DirectoryLock,
    durability?: Durability,
  ) {
    const batcher = (this.batcher = new Batcher(database, durability, (writes) => checkpointer.committed(writes)));
    this.entities = new SqliteEntities(database, batcher);
    this.code = new SqliteCode(database, batcher);
    this.activations = new SqliteActivations(database, batcher);
    this.starts = new SqliteStarts(database, batcher);
    this.namespaces = new SqliteNamespaces(database, batcher);
    this.accepted = new SqliteAccepted(database, batcher);
  }

  close(): Promise<void> {
    return (this.closing ??= this.shut());
  }

  private async shut(): Promise<void> {
    this.batcher.close();
    await this.checkpointer.close();
    this.database.close();
    this.lock.release();
  }
}
