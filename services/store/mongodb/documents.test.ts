import { type Collection, MongoBulkWriteError, MongoNetworkError } from "mongodb";
import { describeWithMongo } from "../../../test/support/mongodb";
import { activation } from "../contract/samples";
import { Documents } from "./documents";
import { openedStore } from "./testing/opened";

interface Plain {
  _id: string;
}

const three: Plain[] = [{ _id: "a" }, { _id: "b" }, { _id: "c" }];

type BulkResult = ConstructorParameters<typeof MongoBulkWriteError>[1];

/** As the driver reports it. @param inserted counted by the server */
const bulkError = (error: object, inserted: number, writeConcernError?: object) =>
  new MongoBulkWriteError(error as ConstructorParameters<typeof MongoBulkWriteError>[0], {
    insertedCount: inserted,
    getWriteConcernError: () => writeConcernError,
  } as unknown as BulkResult);

const failing = (error: Error) => new Documents({ insertMany: () => Promise.reject(error) } as unknown as Collection<Plain>, {
    ask: (exchange) => exchange(),
    waitFor: (exchange) => exchange,
  });

const UNANSWERED = { name: "WhiskError", status: 503 };

test("of inserts in one exchange each has its own outcome", async () => {
  const writeErrors = [
    { index: 0, code: 11000, errmsg: "duplicate" },
    { index: 2, code: 121, errmsg: "not valid" },
  ];
  const outcomes = await failing(bulkError({ message: "duplicate", code: 11000, writeErrors }, 1)).insertEach(three);
  expect(outcomes).toEqual([false, true, new Error("The database refused a document: not valid")]);
});

test("a connection that was lost is never taken for inserted documents", async () => {
  await expect(failing(bulkError(new MongoNetworkError("read ECONNRESET"), 0)).insertEach(three)).rejects.toMatchObject(UNANSWERED);
  await expect(failing(new MongoNetworkError("read ECONNRESET")).insertEach(three)).rejects.toMatchObject(UNANSWERED);
});

test("nothing is said of documents that the server has not counted", async () => {
  const writeErrors = [{ index: 0, code: 11000, errmsg: "duplicate" }];
  const error = bulkError({ message: "duplicate", code: 11000, writeErrors }, 1);
  await expect(failing(error).insertEach(three)).rejects.toBe(error);
});

test("what too few servers have acknowledged is not promised, not even that another was first", async () => {
  const writeErrors = [{ index: 0, code: 11000, errmsg: "duplicate" }];
  const error = bulkError({ message: "duplicate", code: 11000, writeErrors }, 2, { code: 64, errmsg: "timed out" });
  await expect(failing(error).insertEach(three)).rejects.toMatchObject(UNANSWERED);
});

describeWithMongo("pages in a database", () => {
  test("a page far behind is the same as that part of the whole list", async () => {
    const { store, cleanup } = await openedStore();
    const records = Array.from({ length: 1_200 }, (_, start) => activation({ start }));
    await Promise.all(records.map((record) => store.activations.insert(record)));
    const newestFirst = [...records].reverse();
    expect(await store.activations.list({ namespace: "guest", limit: 0, skip: 0 })).toStrictEqual(newestFirst);
    expect(await store.activations.list({ namespace: "guest", limit: 30, skip: 1_100 })).toStrictEqual(newestFirst.slice(1_100, 1_130));
    await cleanup();
  });
});
