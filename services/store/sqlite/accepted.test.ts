import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore, type SqliteStore } from "./store";

let directory: string;
let store: SqliteStore;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "accepted-"));
  store = openSqliteStore({ file: join(directory, "platform.db"), durability: "process" });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

test("the oldest entry tells since when work is unfinished, and none when all is done", async () => {
  expect(await store.accepted.oldest()).toBeUndefined();
  const first = await store.accepted.add("guest", JSON.stringify({ acceptedAt: 1_700_000_000_000, payload: { acceptedAt: 5 } }));
  const second = await store.accepted.add("other", JSON.stringify({ acceptedAt: 1_700_000_000_001 }));
  expect(await store.accepted.oldest()).toBe(1_700_000_000_000);
  await store.accepted.remove(first);
  expect(await store.accepted.oldest()).toBe(1_700_000_000_001);
  await store.accepted.remove(second);
  expect(await store.accepted.oldest()).toBeUndefined();
});
