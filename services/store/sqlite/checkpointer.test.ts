import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { activation } from "../contract/samples";
import { openSqliteStore } from "./store";

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "checkpointer-"));
  file = join(directory, "platform.db");
});
afterEach(() => rmSync(directory, { recursive: true }));

const bytes = (path: string) => statSync(path).size;

test("what was written reaches the database while the store is open, and all of it when it is closed", async () => {
  const store = openSqliteStore({ file });
  let inserted = 0;
  const insertMany = async () => {
    await Promise.all(Array.from({ length: 500 }, (_, n) => store.activations.insert(activation({ start: inserted + n }))));
    inserted += 500;
  };
  while (bytes(file) < 100_000) await insertMany();
  await store.close();
  expect(existsSync(`${file}-wal`)).toBe(false);
  const again = openSqliteStore({ file });
  expect(await again.activations.count({ namespace: "guest" })).toBe(inserted);
  await again.close();
});

test("the log starts over instead of growing with all that was ever written", async () => {
  const store = openSqliteStore({ file });
  const logs = ["x".repeat(20_000)];
  for (let round = 0; round < 20; round++) {
    const before = bytes(file);
    await Promise.all(Array.from({ length: 1_000 }, () => store.activations.insert(activation({ logs }))));
    while (bytes(file) === before) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(bytes(file)).toBeGreaterThan(250_000_000);
  expect(bytes(`${file}-wal`)).toBeLessThan(130_000_000);
  await store.close();
}, 60_000);

test("a store that writes little has no thread for it", async () => {
  const store = openSqliteStore({ file });
  await store.activations.insert(activation());
  expect(store).toHaveProperty("checkpointer.worker", undefined);
  await store.close();
});
