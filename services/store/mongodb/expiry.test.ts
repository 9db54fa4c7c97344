import { MongoClient, MongoServerError } from "mongodb";
import { describeWithMongo, randomDatabase, TestMongo } from "../../../test/support/mongodb";
import { configureExpiry, type IndexChanges } from "./expiry";
import { openMongoStore } from "./store";

const DAY = 86_400;

const failure = (code: number) => new MongoServerError({ message: `code ${code}`, code });

/** Indexes as MongoDB keeps them: `collection.index` and its expiry. @param expires false: as a server that has no such indexes */
function server({ expires = true } = {}) {
  const indexes = new Map<string, number | undefined>();
  const changes: IndexChanges = {
    collection: (collection) => ({
      createIndex: async (_key, { name, expireAfterSeconds }) => {
        const id = `${collection}.${name}`;
        if (!expires && expireAfterSeconds !== undefined) throw failure(238);
        if (indexes.has(id) && indexes.get(id) !== expireAfterSeconds) throw failure(85);
        indexes.set(id, expireAfterSeconds);
      },
      dropIndex: async (name) => {
        if (!indexes.delete(`${collection}.${name}`)) throw failure(27);
      },
    }),
    command: async ({ collMod, index }) => indexes.set(`${collMod}.${index.name}`, index.expireAfterSeconds),
  };
  return { changes, indexes: () => Object.fromEntries(indexes) };
}

const kept = (seconds: number | undefined) => {
  const beyond = seconds === undefined ? undefined : seconds + DAY;
  return { "activations.ended": seconds, "starts.at": beyond, "ends.at": beyond };
};

test("records expire after the retention, starts and ends of attempts a day later", async () => {
  const { changes, indexes } = server();
  expect(await configureExpiry(changes, 600)).toBe(true);
  expect(indexes()).toEqual(kept(600));
});

test("a retention can be changed, taken away and given again", async () => {
  const { changes, indexes } = server();
  for (const retention of [600, 600, 7 * DAY, undefined, undefined, 60]) {
    expect(await configureExpiry(changes, retention)).toBe(retention !== undefined);
    expect(indexes()).toEqual(kept(retention));
  }
});

test("a server that cannot expire records gets indexes to find old ones by, and is not said to remove them", async () => {
  const { changes, indexes } = server({ expires: false });
  for (const retention of [600, undefined, 60]) {
    expect(await configureExpiry(changes, retention)).toBe(false);
    expect(indexes()).toEqual(kept(undefined));
  }
});

test("any other failure is told", async () => {
  const { changes } = server();
  const refusing: IndexChanges = { ...changes, collection: (name) => ({ ...changes.collection(name), createIndex: () => Promise.reject(failure(13)) }) };
  await expect(configureExpiry(refusing, 600)).rejects.toMatchObject({ code: 13 });
});

describeWithMongo("retention on a server", () => {
  test("a store is opened again with another retention, and with none, as far as the server takes it", async () => {
    const url = await TestMongo.shared();
    const database = randomDatabase();
    const client = new MongoClient(url);
    const { ferretdbVersion } = await client.db("admin").command({ buildInfo: 1 });
    for (const retention of [600, 3_600, undefined, 60]) {
      const store = await openMongoStore({ url, database, retention });
      const expires = retention !== undefined && ferretdbVersion === undefined;
      expect(store.expiresByItself).toBe(expires);
      const indexes = await client.db(database).collection("activations").indexes();
      expect(indexes.find(({ name }) => name === "ended")?.expireAfterSeconds).toBe(expires ? retention : undefined);
      await store.close();
    }
    await client.db(database).dropDatabase();
    await client.close();
  });
});
