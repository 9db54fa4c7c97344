import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Store } from "../../core/ports/store";
import { SqliteAccepted } from "./accepted";
import { SqliteActivations } from "./activations";
import { Batcher } from "./batcher";
import { Checkpointer } from "./checkpointer";
import { SqliteCode } from "./code";
import { openDatabase } from "./database";
import { SqliteDeadLetters } from "./deadLetters";
import { type DirectoryLock, lockDirectory } from "./directoryLock";
import { SqliteEntities } from "./entities";
import { LogSync } from "./logSync";
import { SqliteNamespaces } from "./namespaces";
import { SqliteStarts } from "./starts";

/**
 * `power`: what a promise hangs on (accepted work, starts and ends of attempts, dead letters, entities, code, namespaces)
 * is on the disk before it resolves. `process`: it is with the operating system, and so survives the death of the
 * process, but a power loss may take the last moments. The database stays whole in both.
 */
export type Durability = "process" | "power";

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
export function openSqliteStore({ file, durability = "power" }: SqliteStoreOptions): SqliteStore {
  const lock = lockDirectory(dirname(file));
  try {
    return new SqliteStore({ file, durability }, openDatabase(file), lock);
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
  readonly deadLetters: SqliteDeadLetters;
  /** For the embedded accepted log. */
  readonly accepted: SqliteAccepted;
  private readonly batcher: Batcher;
  private readonly logSync: LogSync;
  private readonly checkpointer: Checkpointer;
  private closing?: Promise<void>;

  constructor(
    { file, durability }: Required<SqliteStoreOptions>,
    private readonly database: DatabaseSync,
    private readonly lock: DirectoryLock,
  ) {
    this.logSync = new LogSync(file);
    this.checkpointer = new Checkpointer(file);
    const batcher = (this.batcher = new Batcher(database, {
      sync: durability === "power" ? () => this.logSync.sync() : async () => {},
      onCommit: (writes) => this.checkpointer.committed(writes),
    }));
    this.entities = new SqliteEntities(database, batcher);
    this.code = new SqliteCode(database, batcher);
    this.activations = new SqliteActivations(database, batcher);
    this.starts = new SqliteStarts(database, batcher);
    this.namespaces = new SqliteNamespaces(database, batcher);
    this.deadLetters = new SqliteDeadLetters(database, batcher);
    this.accepted = new SqliteAccepted(database, batcher);
  }

  close(): Promise<void> {
    return (this.closing ??= this.shut());
  }

  private async shut(): Promise<void> {
    this.batcher.close();
    await this.logSync.close();
    await this.checkpointer.close();
    this.database.close();
    this.lock.release();
  }
}
