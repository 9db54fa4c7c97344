import { UNLIMITED } from "../model/namespaceLimits";
import type { Namespace } from "../ports/store";
import { MemoryStore } from "../testing/memoryStore";
import { Tenants } from "./tenants";

const team: Namespace = { name: "team", uuid: "u-1", subject: "team", keys: [], blocked: false, limits: { invocationsPerMinute: 5 }, rev: 1 };

let now: number;
let store: MemoryStore;
let reads: number;
let changed: string[];
beforeEach(() => {
  [now, reads, changed] = [0, 0, []];
  store = new MemoryStore();
  const { byUuid, byName } = store.namespaces;
  store.namespaces.byUuid = (uuid) => (reads++, byUuid.call(store.namespaces, uuid));
  store.namespaces.byName = (name) => (reads++, byName.call(store.namespaces, name));
});

const tenants = (maxAge?: number) => new Tenants(store.namespaces, { defaults: { ...UNLIMITED, firesPerMinute: 60 }, onChange: (name) => void changed.push(name), maxAge, now: () => now });

test("a namespace is read once, however often it is asked for, and one that is not there too", async () => {
  await store.namespaces.put(team);
  reads = 0;
  const all = tenants();
  for (let time = 0; time < 3; time++) {
    expect(await all.byUuid("u-1")).toEqual(team);
    expect(await all.byName("team")).toEqual(team);
    expect(await all.byUuid("u-2")).toBeUndefined();
    now += 1e9;
  }
  expect(reads).toBe(3);
});

test("those that there are stay remembered, however many are asked for that there are not", async () => {
  await store.namespaces.put(team);
  const all = tenants();
  expect(await all.byUuid("u-1")).toEqual(team);
  for (let guess = 0; guess < 12_000; guess++) await all.byUuid(`guess-${guess}`);
  reads = 0;
  expect(await all.byUuid("u-1")).toEqual(team);
  expect(reads).toBe(0);
});

test("one that is being read while many are asked for that there are not is remembered", async () => {
  await store.namespaces.put(team);
  const all = tenants();
  const reading = all.byUuid("u-1");
  await Promise.all(Array.from({ length: 12_000 }, (_, guess) => all.byUuid(`guess-${guess}`)));
  expect(await reading).toEqual(team);
  reads = 0;
  expect(await all.byUuid("u-1")).toEqual(team);
  expect(reads).toBe(0);
});

test("one that goes or comes elsewhere is known to be gone or there once what was read is too old", async () => {
  await store.namespaces.put(team);
  const all = tenants(1_500);
  const asked = async () => [await all.byUuid("u-1"), await all.byUuid("u-2")].map((namespace) => namespace?.name);
  expect(await asked()).toEqual(["team", undefined]);
  await store.namespaces.put({ ...team, uuid: "u-2", rev: 2 });
  now += 1_500;
  expect(await asked()).toEqual([undefined, "team"]);
  reads = 0;
  expect(await asked()).toEqual([undefined, "team"]);
  expect(reads).toBe(0);
});

test("a change made here is in effect at once, and told to others", async () => {
  const all = tenants();
  expect(await all.byUuid("u-1")).toBeUndefined();
  expect(await all.put(team)).toBe(true);
  expect(await all.byUuid("u-1")).toEqual(team);
  await all.put({ ...team, blocked: true, rev: 2 });
  expect((await all.byUuid("u-1"))?.blocked).toBe(true);
  await all.remove({ ...team, blocked: true, rev: 2 });
  expect(await all.byUuid("u-1")).toBeUndefined();
  expect(changed).toEqual(["team", "team", "team"]);
});

test("a change, or a deletion, that came too late is told to nobody", async () => {
  await store.namespaces.put(team);
  expect(await tenants().put(team)).toBe(false);
  expect(await tenants().remove({ ...team, rev: 2 })).toBe(false);
  expect(changed).toEqual([]);
});

test("what others change is in effect when it is told, or when what was read is too old", async () => {
  await store.namespaces.put(team);
  const all = tenants(1_500);
  await all.byUuid("u-1");
  await store.namespaces.put({ ...team, blocked: true, rev: 2 });
  expect((await all.byUuid("u-1"))?.blocked).toBe(false);
  all.forget();
  expect((await all.byUuid("u-1"))?.blocked).toBe(true);
  await store.namespaces.put({ ...team, rev: 3 });
  now += 1_500;
  expect((await all.byUuid("u-1"))?.blocked).toBe(false);
});

test("who is asked for often is read again before it is too old, and nobody waits for that", async () => {
  await store.namespaces.put(team);
  reads = 0;
  const all = tenants(1_500);
  await all.byUuid("u-1");
  await store.namespaces.put({ ...team, blocked: true, rev: 2 });
  reads = 0;
  now += 750;
  expect([all.isSuspended({ uuid: "u-1" }), all.isSuspended({ uuid: "u-1" }), reads]).toEqual([false, false, 1]);
  await new Promise(setImmediate);
  expect((await all.byUuid("u-1"))?.blocked).toBe(true);
  now += 1_499;
  expect([(await all.byUuid("u-1"))?.blocked, reads]).toEqual([true, 2]);
});

test("what is read again does not outlive a change that is told meanwhile", async () => {
  await store.namespaces.put(team);
  const all = tenants(1_500);
  await all.byUuid("u-1");
  now += 750;
  all.isSuspended({ uuid: "u-1" });
  all.forget();
  await new Promise(setImmediate);
  await store.namespaces.put({ ...team, blocked: true, rev: 2 });
  expect((await all.byUuid("u-1"))?.blocked).toBe(true);
});

test("a failure to read again leaves what is known until it is too old", async () => {
  await store.namespaces.put(team);
  const all = tenants(1_500);
  await all.byUuid("u-1");
  const { byUuid } = store.namespaces;
  store.namespaces.byUuid = async () => Promise.reject(new Error("away"));
  now += 1_000;
  expect((await all.byUuid("u-1"))?.name).toBe("team");
  now += 500;
  await expect(all.byUuid("u-1")).rejects.toThrow("away");
  store.namespaces.byUuid = byUuid;
  expect((await all.byUuid("u-1"))?.name).toBe("team");
});

test("a read that was under way when a change was told is not remembered", async () => {
  await store.namespaces.put(team);
  reads = 0;
  const all = tenants();
  const reading = all.byUuid("u-1");
  all.forget();
  await reading;
  await all.byUuid("u-1");
  expect(reads).toBe(2);
});

test("a read that failed is tried again", async () => {
  const { byUuid } = store.namespaces;
  store.namespaces.byUuid = async () => Promise.reject(new Error("away"));
  const all = tenants();
  await expect(all.byUuid("u-1")).rejects.toThrow("away");
  store.namespaces.byUuid = byUuid;
  expect(await all.byUuid("u-1")).toBeUndefined();
});

test("limits are the namespace's own before the platform's, also while nothing else is remembered", async () => {
  await store.namespaces.put(team);
  const all = tenants();
  expect(all.limits("team")).toMatchObject({ invocationsPerMinute: Infinity, firesPerMinute: 60 });
  await all.byUuid("u-1");
  all.forget();
  expect(all.limits("team")).toMatchObject({ invocationsPerMinute: 5, firesPerMinute: 60, maxActionMemory: 512 });
});

test("who was deleted is gone, at once and whoever has its name now; who is blocked is not", async () => {
  await store.namespaces.put(team);
  const all = tenants();
  expect(await all.isSuspended({ uuid: "u-1" })).toBe(false);
  await store.namespaces.put({ ...team, blocked: true, rev: 2 });
  expect(await all.isGone({ uuid: "u-1" })).toBe(false);
  await store.namespaces.remove({ ...team, rev: 2 });
  await store.namespaces.put({ ...team, uuid: "u-2" });
  expect([await all.isGone({ uuid: "u-1" }), await all.isGone({ uuid: "u-2" })]).toEqual([true, false]);
});

test("who is blocked or gone is suspended; who is known is told without a promise", async () => {
  await store.namespaces.put(team);
  await store.namespaces.put({ ...team, name: "other", uuid: "u-2", blocked: true });
  const all = tenants();
  expect(await Promise.all(["u-1", "u-2", "u-3"].map((uuid) => all.isSuspended({ uuid })))).toEqual([false, true, true]);
  expect(["u-1", "u-2", "u-3"].map((uuid) => all.isSuspended({ uuid }))).toEqual([false, true, true]);
});

test("who is let in again elsewhere is not suspended for what was read before: a refusal is for ever", async () => {
  await store.namespaces.put({ ...team, blocked: true });
  const all = tenants(1_500);
  const suspended = () => Promise.all(["u-1", "u-2"].map((uuid) => all.isSuspended({ uuid })));
  expect(await suspended()).toEqual([true, true]);
  await store.namespaces.put({ ...team, rev: 2 });
  await store.namespaces.put({ ...team, name: "other", uuid: "u-2" });
  expect(await suspended()).toEqual([false, false]);
});

test("who is blocked stays so while the store is away", async () => {
  await store.namespaces.put({ ...team, blocked: true });
  const all = tenants(1_500);
  await all.byUuid("u-1");
  store.namespaces.byUuid = async () => Promise.reject(new Error("away"));
  expect(await all.isSuspended({ uuid: "u-1" })).toBe(true);
});
