import { MemoryStore } from "../core/testing/memoryStore";
import { keyOf } from "../core/tenants/keys";
import { seedNamespaces, SYSTEM_NAMESPACE } from "./seed";

const guest = { name: "guest", uuid: "u-1", key: "k".repeat(64) };

let store: MemoryStore;
beforeEach(() => (store = new MemoryStore()));

const found = () => store.namespaces.byName("guest");

test("the namespaces of the configuration are there, and whisk.system, which has no key", async () => {
  await seedNamespaces(store.namespaces, [guest]);
  expect(await found()).toEqual({ name: "guest", uuid: "u-1", subject: "guest", keys: [keyOf(guest.key, 0)], blocked: false, limits: {}, rev: 1 });
  expect(await store.namespaces.byName(SYSTEM_NAMESPACE)).toMatchObject({ uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, keys: [], blocked: false });
});

test("doing it again changes nothing, and takes nothing that administrators gave or took", async () => {
  await seedNamespaces(store.namespaces, [guest]);
  const changed = { ...(await found())!, keys: [keyOf(guest.key, 0), keyOf("a".repeat(64), 5)], blocked: true, limits: { firesPerMinute: 1 }, rev: 2 };
  await store.namespaces.put(changed);
  const system = (await store.namespaces.byName(SYSTEM_NAMESPACE))!;
  await store.namespaces.put({ ...system, keys: [keyOf("s".repeat(64), 5)], rev: 2 });
  await seedNamespaces(store.namespaces, [guest]);
  expect(await found()).toEqual(changed);
  expect(await store.namespaces.byName(SYSTEM_NAMESPACE)).toMatchObject({ uuid: system.uuid, keys: [{ created: 5 }], rev: 2 });
});

test("another key in the configuration replaces the one before, and no key of an administrator", async () => {
  await seedNamespaces(store.namespaces, [guest]);
  await store.namespaces.put({ ...(await found())!, keys: [keyOf(guest.key, 0), keyOf("a".repeat(64), 5)], rev: 2 });
  await seedNamespaces(store.namespaces, [{ ...guest, key: "n".repeat(64) }]);
  expect((await found())?.keys).toEqual([keyOf("n".repeat(64), 0), keyOf("a".repeat(64), 5)]);
});

test("several processes that start at the same time agree", async () => {
  await Promise.all(Array.from({ length: 5 }, () => seedNamespaces(store.namespaces, [guest])));
  expect(await store.namespaces.list({ limit: 0, skip: 0 })).toMatchObject([{ name: "guest", rev: 1 }, { name: SYSTEM_NAMESPACE, rev: 1 }]);
});
