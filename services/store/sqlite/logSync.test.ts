import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "./database";
import { LogSync } from "./logSync";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "logSync-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

test("those who ask while a sync runs share the next one, never the one that runs", async () => {
  const file = join(directory, "platform.db");
  const database = openDatabase(file);
  const log = new LogSync(file);
  const first = log.sync();
  // Two microtasks later the first sync has begun.
  await Promise.resolve();
  await Promise.resolve();
  const [second, third] = [log.sync(), log.sync()];
  expect(second).not.toBe(first);
  expect(third).toBe(second);
  await Promise.all([first, second, third]);
  await log.close();
  database.close();
});

test("a log that cannot be opened is told to those who asked, and the next sync tries again", async () => {
  const file = join(directory, "platform.db");
  const log = new LogSync(file);
  await expect(log.sync()).rejects.toThrow("ENOENT");
  const database = openDatabase(file);
  await log.sync();
  await log.close();
  database.close();
});

test("after a sync that failed none is said to have succeeded", async () => {
  const file = join(directory, "platform.db");
  const database = openDatabase(file);
  const log = new LogSync(file);
  await log.sync();
  const inner = log as unknown as { descriptor: number };
  closeSync(inner.descriptor);
  await expect(log.sync()).rejects.toThrow(/restart the platform: .*EBADF/);
  inner.descriptor = openSync(`${file}-wal`, "r+");
  await expect(log.sync()).rejects.toThrow(/restart the platform: .*EBADF/);
  await log.close();
  database.close();
});

test("close waits for the syncs that were asked for", async () => {
  const file = join(directory, "platform.db");
  const database = openDatabase(file);
  const log = new LogSync(file);
  const done: string[] = [];
  const syncs = [log.sync().then(() => done.push("first"))];
  await Promise.resolve();
  await Promise.resolve();
  syncs.push(log.sync().then(() => done.push("second")));
  await log.close();
  await Promise.all(syncs);
  expect(done).toEqual(["first", "second"]);
  database.close();
});
