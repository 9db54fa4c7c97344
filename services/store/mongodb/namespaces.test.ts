import { MongoClient } from "mongodb";
import { describeWithMongo } from "../../../test/support/mongodb";
import type { FirstNamespaceDocument } from "./schema";
import { openMongoStore } from "./store";
import { openedStore } from "./testing/opened";

describeWithMongo("namespaces in MongoDB", () => {
  let opened: Awaited<ReturnType<typeof openedStore>>;
  beforeEach(async () => (opened = await openedStore()));
  afterEach(() => opened.cleanup());

  test("one that a version before wrote, with its one key, is read as it is now, and changed to that", async () => {
    const client = new MongoClient(opened.url);
    const keyHash = "a".repeat(64);
    await client.db(opened.database).collection<FirstNamespaceDocument>("namespaces").insertOne({ _id: "guest", uuid: "u-1", keyHash, subject: "s" });
    await client.close();
    const { namespaces } = opened.store;
    const read = { name: "guest", uuid: "u-1", subject: "s", keys: [{ id: "a".repeat(12), hash: keyHash, created: 0 }], blocked: false, limits: {}, rev: 1 };
    expect(await namespaces.byUuid("u-1")).toEqual(read);
    expect(await namespaces.list({ limit: 0, skip: 0 })).toEqual([read]);
    expect(await namespaces.put(read)).toBe(false);
    const changed = { ...read, blocked: true, rev: 2 };
    expect(await namespaces.put(changed)).toBe(true);
    expect(await namespaces.put(changed)).toBe(false);
    expect(await namespaces.byName("guest")).toEqual(changed);
  });

  test("one that a version before wrote can be deleted", async () => {
    const client = new MongoClient(opened.url);
    await client.db(opened.database).collection<FirstNamespaceDocument>("namespaces").insertOne({ _id: "guest", uuid: "u-1", keyHash: "a".repeat(64), subject: "s" });
    await client.close();
    const { namespaces } = opened.store;
    expect(await namespaces.remove({ name: "guest", rev: 2 })).toBe(false);
    expect(await namespaces.remove((await namespaces.byName("guest"))!)).toBe(true);
    expect(await namespaces.byUuid("u-1")).toBeUndefined();
  });

  test("a change in another process is seen, and one from before it is refused", async () => {
    const other = await openMongoStore({ url: opened.url, database: opened.database });
    const namespace = { name: "team", uuid: "u-1", subject: "s", keys: [], blocked: false, limits: {}, rev: 1 };
    await opened.store.namespaces.put(namespace);
    expect(await other.namespaces.put({ ...namespace, blocked: true, rev: 2 })).toBe(true);
    expect(await opened.store.namespaces.put({ ...namespace, limits: { firesPerMinute: 1 }, rev: 2 })).toBe(false);
    expect(await opened.store.namespaces.byUuid("u-1")).toEqual({ ...namespace, blocked: true, rev: 2 });
    await other.close();
  });
});
