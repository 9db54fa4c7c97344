import { DatabaseSync } from "node:sqlite";
import { Batcher } from "./batcher";

interface Sync {
  resolve(): void;
  reject(error: Error): void;
}

/** @param held syncs end when the test says so */
function open({ held = false } = {}) {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE t (n INTEGER PRIMARY KEY)");
  const insert = database.prepare("INSERT INTO t (n) VALUES (?)");
  const syncs: Sync[] = [];
  const commits: number[] = [];
  const batcher = new Batcher(database, {
    sync: () => (held ? new Promise((resolve, reject) => syncs.push({ resolve, reject })) : Promise.resolve()),
    onCommit: (writes) => commits.push(writes),
  });
  return {
    database,
    batcher,
    syncs,
    commits,
    add: (n: number, options?: { durable?: boolean }) => batcher.write(() => (insert.run(n), n), options),
    all: () => database.prepare("SELECT n FROM t ORDER BY n").all().map(({ n }) => n),
  };
}

test("what is written in one turn is one transaction, and no promise resolves before its commit", async () => {
  const { batcher, database } = open();
  const events: string[] = [];
  const write = (name: string) =>
    batcher
      .write(() => events.push(`${name} in a transaction: ${database.isTransaction}`))
      .then(() => events.push(`${name} resolved, in a transaction: ${database.isTransaction}`));
  await Promise.all([write("a"), write("b")]);
  expect(events).toEqual([
    "a in a transaction: true",
    "b in a transaction: true",
    "a resolved, in a transaction: false",
    "b resolved, in a transaction: false",
  ]);
});

test("a write that fails takes no other with it, and its own statements are undone", async () => {
  const { batcher, add, all } = open();
  const results = await Promise.allSettled([
    add(1),
    add(1),
    add(2),
    batcher.write(() => {
      throw new Error("half-way");
    }),
    add(3),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"]);
  expect(all()).toEqual([1, 2, 3]);
});

test("a write of several statements is undone as a whole", async () => {
  const { batcher, database, all, add } = open();
  const both = batcher.write(() => database.prepare("INSERT INTO t VALUES (7)").run() && database.prepare("INSERT INTO t VALUES (7)").run());
  const neighbour = add(8);
  await expect(both).rejects.toThrow("UNIQUE constraint failed");
  await neighbour;
  expect(all()).toEqual([8]);
});

test("a burst is written in full and in order, in transactions of bounded size", async () => {
  const { add, all } = open();
  const numbers = Array.from({ length: 1_000 }, (_, n) => n);
  const order: number[] = [];
  await Promise.all(numbers.map((n) => add(n).then((done) => order.push(done))));
  expect(order).toEqual(numbers);
  expect(all()).toEqual(numbers);
});

test("a flush commits at once what waits", async () => {
  const { batcher, add, all } = open();
  const added = add(1);
  expect(all()).toEqual([]);
  batcher.flush();
  expect(all()).toEqual([1]);
  expect(await added).toBe(1);
});

test("close commits what waits, and then refuses with 503", async () => {
  const { batcher, add, all } = open();
  const added = add(1);
  batcher.close();
  expect(await added).toBe(1);
  await expect(add(2)).rejects.toMatchObject({ name: "WhiskError", status: 503 });
  expect(all()).toEqual([1]);
});

test("durable writes resolve when the sync that follows their commit is done, the others at the commit", async () => {
  const { add, syncs, all } = open({ held: true });
  const events: string[] = [];
  const note = (event: string) => () => events.push(event);
  const plain = add(1).then(note("plain"));
  const durable = add(2, { durable: true }).then(note("durable"));
  await plain;
  expect(all()).toEqual([1, 2]);
  expect(events).toEqual(["plain"]);
  expect(syncs).toHaveLength(1);
  syncs[0]!.resolve();
  await durable;
  await add(3);
  expect(syncs).toHaveLength(1);
});

test("a durable write whose sync fails is rejected with the reason", async () => {
  const { add, syncs } = open({ held: true });
  const durable = add(1, { durable: true });
  await add(2);
  syncs[0]!.reject(new Error("EIO"));
  await expect(durable).rejects.toThrow("EIO");
});

test("each commit is told with the number of its writes", async () => {
  const { add, commits } = open();
  await Promise.all([add(1), add(2), add(3)]);
  await add(4);
  expect(commits).toEqual([3, 1]);
});
