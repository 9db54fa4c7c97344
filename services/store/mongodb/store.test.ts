import { Binary, MongoClient } from "mongodb";
import { describeWithMongo } from "../../../test/support/mongodb";
import { sha256 } from "../../core/ids";
import { activation } from "../contract/samples";
import { openMongoStore } from "./store";
import { openedStore } from "./testing/opened";

describeWithMongo("a MongoDB store", () => {
  let opened: Awaited<ReturnType<typeof openedStore>>;
  beforeEach(async () => (opened = await openedStore()));
  afterEach(() => opened.cleanup());

  test("several processes may open one new database at the same time, and see what the others write", async () => {
    const { url, store } = opened;
    const database = `${opened.database}-together`;
    const stores = await Promise.all([1, 2, 3, 4].map(() => openMongoStore({ url, database })));
    const record = activation();
    const won = await Promise.all(stores.map(({ activations }) => activations.insert(record)));
    expect(won.filter(Boolean)).toHaveLength(1);
    for (const { activations } of stores) expect(await activations.get("guest", record.activationId)).toStrictEqual(record);
    expect(await store.activations.get("guest", record.activationId)).toBeUndefined();
    await stores[0]!.drop();
    await Promise.all(stores.map((other) => other.close()));
  });

  test("of inserts of one id in several processes at the same time exactly one is first", async () => {
    const { url, database, store } = opened;
    const other = await openMongoStore({ url, database });
    const records = Array.from({ length: 100 }, () => activation());
    const insertAll = ({ activations }: typeof store) => Promise.all(records.map((record) => activations.insert(record)));
    const [here, there] = await Promise.all([insertAll(store), insertAll(other)]);
    expect(here.map((first, index) => first !== there[index])).toEqual(records.map(() => true));
    await other.close();
  });

  test("code of which a process that died has put a part is not there, and can be put", async () => {
    const code = "x".repeat(9 * 1024 * 1024);
    const sha = sha256(code);
    const client = new MongoClient(opened.url);
    const chunks = client.db(opened.database).collection<{ _id: string; data: Binary }>("codeChunks");
    await chunks.insertOne({ _id: `${sha}/${4 * 1024 * 1024}/0`, data: new Binary(Buffer.from(code.slice(0, 4 * 1024 * 1024))) });
    await client.close();
    expect(await opened.store.code.get(sha)).toBeUndefined();
    await opened.store.code.put(sha, code);
    expect((await opened.store.code.get(sha)) === code).toBe(true);
  });

  test("after close every call is refused with 503, and closing again does nothing", async () => {
    const { store } = opened;
    await store.close();
    await store.close();
    const refused = { name: "WhiskError", status: 503 };
    await expect(store.activations.insert(activation())).rejects.toMatchObject(refused);
    await expect(store.starts.claim({ activationId: "a", attempt: 0, invoker: "i", at: 1 })).rejects.toMatchObject(refused);
    await expect(store.entities.head("guest/a")).rejects.toMatchObject(refused);
    await opened.reopen();
  });

  test("a dropped database is empty", async () => {
    const record = activation();
    await opened.store.activations.insert(record);
    await opened.store.drop();
    expect(await opened.store.activations.get("guest", record.activationId)).toBeUndefined();
  });
});
