import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openDatabase } from "./database";
import { UnreadableStateError } from "./errors";
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION } from "./schema";
import { openSqliteStore } from "./store";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "database-"));
  file = join(directory, "platform.db");
});
afterEach(() => rmSync(directory, { recursive: true }));

const failure = (): unknown => {
  try {
    openDatabase(file).close();
  } catch (error) {
    return error;
  }
  return undefined;
};

const refusal = (reason: string, wayOut: string) => {
  const error = failure();
  expect(error).toBeInstanceOf(UnreadableStateError);
  expect((error as Error).message).toBe(`The platform's state in '${file}' cannot be read: ${reason}. Way out: ${wayOut}.`);
};

const restore = "restore it from a backup, or move it away to begin with an empty platform";

test("a database is created, for its owner only, and opens again", () => {
  file = join(directory, "new", "deep", "platform.db");
  openDatabase(file).close();
  openDatabase(file).close();
  expect(statSync(join(directory, "new")).mode & 0o777).toBe(0o700);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a file that is not a database is refused and left as it is", () => {
  const text = "hello ".repeat(1_000);
  writeFileSync(file, text);
  refusal("it is not a SQLite database", restore);
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("a damaged database is refused", () => {
  openDatabase(file).close();
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 100, 4096);
  writeFileSync(file, bytes);
  refusal("the database is damaged (database disk image is malformed)", restore);
});

test("a database of the first version is brought up to date, and keeps what it holds", async () => {
  const old = new DatabaseSync(file);
  old.exec(`${MIGRATIONS[0]}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1`);
  old.exec("INSERT INTO starts (id, attempt, invoker, at) VALUES ('a', 0, 'i', 5)");
  const guest = { name: "guest", uuid: "u-1", keyHash: "a".repeat(64), subject: "s" };
  old.prepare("INSERT INTO namespaces (name, uuid, namespace) VALUES ('guest', 'u-1', ?)").run(JSON.stringify(guest));
  old.close();
  const store = openSqliteStore({ file });
  expect(await store.starts.get("a", 0)).toEqual({ activationId: "a", attempt: 0, invoker: "i", at: 5 });
  expect([await store.starts.ended("a", 0), await store.deadLetters.count("guest")]).toEqual([undefined, 0]);
  const { keyHash: hash, ...rest } = guest;
  expect(await store.namespaces.byUuid("u-1")).toEqual({ ...rest, keys: [{ id: "a".repeat(12), hash, created: 0 }], blocked: false, limits: {}, rev: 1 });
  await store.close();
});

test("a database of a newer version is refused", () => {
  openDatabase(file).close();
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
  database.close();
  refusal(
    `it was written by a newer version of the platform (schema ${SCHEMA_VERSION + 1}, this one knows ${SCHEMA_VERSION})`,
    "run that version, or move the file away to begin with an empty platform",
  );
});

test("another program's database is refused and left as it is", () => {
  const database = new DatabaseSync(file);
  database.exec("CREATE TABLE theirs (n)");
  database.close();
  const bytes = readFileSync(file);
  refusal("it is a SQLite database of another program", "give the platform a data directory of its own");
  expect(readFileSync(file).equals(bytes)).toBe(true);
});

test("a path that cannot be opened is refused", () => {
  mkdirSync(file);
  refusal("it cannot be opened for writing (unable to open database file)", "check the path and its permissions");
});

test("a store that could not be opened does not keep the directory locked", async () => {
  writeFileSync(file, "hello ".repeat(1_000));
  expect(() => openSqliteStore({ file })).toThrow(UnreadableStateError);
  rmSync(file);
  await openSqliteStore({ file }).close();
});
