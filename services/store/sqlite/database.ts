import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { UnreadableStateError } from "./errors";
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION } from "./schema";

/**
 * Pages (4 KB) of the log at which a commit itself carries them over into the database, 20 ms and more: only what the
 * Checkpointer could not keep up with.
 */
const CHECKPOINT_PAGES = 16_000;
/** KB of pages kept in memory. */
const PAGE_CACHE = 16_000;
/** Milliseconds to wait for a reader from outside, such as a backup, that holds a lock. */
const BUSY_TIMEOUT = 5_000;

/**
 * Opens the platform's database, creating it or bringing its schema up to date.
 *
 * @throws UnreadableStateError when the file is no database, is damaged, is not ours or comes from a newer version
 */
export function openDatabase(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
    checkOwner(database, file);
    // It holds parameters; SQLite gives its other files the same permissions.
    chmodSync(file, 0o600);
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      PRAGMA cache_size = -${PAGE_CACHE};
    `);
    migrate(database);
    return database;
  } catch (error) {
    if (database?.isOpen) database.close();
    throw error instanceof UnreadableStateError ? error : unreadable(file, error);
  }
}

/** Nothing is written before it is known whose file it is. */
function checkOwner(database: DatabaseSync, file: string): void {
  const owner = pragma(database, "application_id");
  const version = pragma(database, "user_version");
  const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() as { tables: number };
  if (owner === 0 && version === 0 && tables === 0) return;
  if (owner !== APPLICATION_ID) {
    throw new UnreadableStateError(file, "it is a SQLite database of another program", "give the platform a data directory of its own");
  }
  if (version > SCHEMA_VERSION) {
    throw new UnreadableStateError(
      file,
      `it was written by a newer version of the platform (schema ${version}, this one knows ${SCHEMA_VERSION})`,
      "run that version, or move the file away to begin with an empty platform",
    );
  }
}

function migrate(database: DatabaseSync): void {
  const version = pragma(database, "user_version");
  if (version === SCHEMA_VERSION) return;
  database.exec("BEGIN IMMEDIATE");
  for (const step of MIGRATIONS.slice(version)) database.exec(step);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
}

const pragma = (database: DatabaseSync, name: string): number => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html */
const CANTOPEN = 14;
const READONLY = 8;
const CORRUPT = 11;
const NOTADB = 26;

/** What node:sqlite threw, told as what is wrong with the file; anything else as it is. */
function unreadable(file: string, cause: unknown): unknown {
  const { errcode = 0, message } = cause as Error & { errcode?: number };
  switch (errcode & 0xff) {
    case NOTADB:
      return new UnreadableStateError(file, "it is not a SQLite database", undefined, { cause });
    case CORRUPT:
      return new UnreadableStateError(file, `the database is damaged (${message})`, undefined, { cause });
    case CANTOPEN:
    case READONLY:
      return new UnreadableStateError(file, `it cannot be opened for writing (${message})`, "check the path and its permissions", { cause });
    default:
      return cause;
  }
}
