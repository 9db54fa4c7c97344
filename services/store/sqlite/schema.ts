/** Marks a file as ours ("SWsk"), so that somebody else's database is refused instead of written to. */
export const APPLICATION_ID = 0x5357736b;

/**
 * What brings a file from version n (its place in the list) to n+1. Never change an entry that was released: add one.
 *
 * Choices that were measured: a table with large rows keeps its rowid, so that new rows go to the end
 * and only small index pages are touched at random; indexes end in the rowid by themselves, which makes
 * "newest first" a total order without a further column. A record inserted in batches of 10–30 costs 15–20 µs with its
 * JSON (2 cores, virtual ext4); as a table without rowid, with the id in each index, it was about twice that.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE revisions (
    key     TEXT NOT NULL,
    rev     INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    entity  TEXT NOT NULL,
    UNIQUE (key, rev)
  );

  CREATE TABLE heads (
    key        TEXT PRIMARY KEY,
    rev        INTEGER NOT NULL,
    deleted    INTEGER NOT NULL,
    collection TEXT NOT NULL,
    namespace  TEXT NOT NULL,
    package    TEXT,
    updated    INTEGER NOT NULL,
    trigger    TEXT
  );
  CREATE INDEX heads_listed ON heads (namespace, collection, updated) WHERE NOT deleted;
  CREATE INDEX heads_rules ON heads (trigger) WHERE trigger IS NOT NULL AND NOT deleted;

  -- A row here means that all chunks are there.
  CREATE TABLE code (sha TEXT PRIMARY KEY, chunks INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE code_chunks (sha TEXT NOT NULL, n INTEGER NOT NULL, data BLOB NOT NULL, UNIQUE (sha, n));

  CREATE TABLE activations (
    n         INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    namespace TEXT NOT NULL,
    name      TEXT NOT NULL,
    start     INTEGER NOT NULL,
    ended     INTEGER NOT NULL,
    record    TEXT NOT NULL
  );
  CREATE INDEX activations_listed ON activations (namespace, start);
  CREATE INDEX activations_named ON activations (namespace, name, start);
  CREATE INDEX activations_ended ON activations (ended);

  CREATE TABLE starts (
    id      TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    invoker TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (id, attempt)
  ) WITHOUT ROWID;

  CREATE TABLE namespaces (name TEXT PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, namespace TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE accepted (seq INTEGER PRIMARY KEY, namespace TEXT NOT NULL, message TEXT NOT NULL);
  `,
  `
  CREATE TABLE attempt_ends (
    id       TEXT NOT NULL,
    attempt  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    response TEXT NOT NULL,
    UNIQUE (id, attempt)
  );

  CREATE TABLE dead_letters (
    n         INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    namespace TEXT NOT NULL,
    at        INTEGER NOT NULL,
    letter    TEXT NOT NULL
  );
  CREATE INDEX dead_letters_listed ON dead_letters (namespace, at);
  `,
  // A namespace had one key, as its hash alone, and nothing else of its own.
  `
  UPDATE namespaces SET namespace = json_object(
    'name', name,
    'uuid', uuid,
    'subject', json_extract(namespace, '$.subject'),
    'keys', json_array(json_object(
      'id', substr(json_extract(namespace, '$.keyHash'), 1, 12),
      'hash', json_extract(namespace, '$.keyHash'),
      'created', 0
    )),
    'blocked', json('false'),
    'limits', json('{}'),
    'rev', 1
  );
  `,
  // With which revisions a run of a sequence or composition was begun.
  `
  ALTER TABLE starts ADD COLUMN action TEXT;
  `,
];

export const SCHEMA_VERSION = MIGRATIONS.length;
