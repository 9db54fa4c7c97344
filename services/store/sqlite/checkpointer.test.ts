import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { activation } from "../contract/samples";
import { openSqliteStore, type SqliteStore } from "./store";

let directory: string;
let file: string;
let store: SqliteStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "checkpointer-"));
  file = join(directory, "platform.db");
  store = openSqliteStore({ file });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

const bytes = (path: string) => statSync(path).size;

test("what was written reaches the database while the store is open, and all of it when it is closed", async () => {
  let inserted = 0;
  const insertMany = async () => {
    await Promise.all(Array.from({ length: 500 }, (_, n) => store.activations.insert(activation({ start: inserted + n }))));
    inserted += 500;
  };
  while (bytes(file) < 100_000) await insertMany();
  await store.close();
  expect(existsSync(`${file}-wal`)).toBe(false);
  store = openSqliteStore({ file });
  expect(await store.activations.count({ namespace: "guest" })).toBe(inserted);
});

test("the log starts over when all of it was carried over, instead of growing for ever", async () => {
  const logs = ["x".repeat(5_000)];
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 1_000 }, () => store.activations.insert(activation({ logs }))));
    while (store["checkpointer"]["busy"]) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(bytes(file)).toBeGreaterThan(90_000_000);
  expect(bytes(`${file}-wal`)).toBeLessThan(45_000_000);
}, 60_000);

test("a store that writes little has no thread for it", async () => {
  await store.activations.insert(activation());
  expect(store).toHaveProperty("checkpointer.worker", undefined);
});
