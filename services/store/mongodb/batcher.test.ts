import { until } from "../../../test/support/until";
import { InsertBatcher } from "./batcher";

interface Exchange {
  documents: number[];
  answer(outcomes: (boolean | Error)[]): void;
  fail(error: Error): void;
}

/** @param held exchanges end when the test says so; otherwise each document is inserted at once */
function open({ held = false } = {}) {
  const exchanges: Exchange[] = [];
  const batcher = new InsertBatcher<number>((documents) => {
    return new Promise((answer, fail) => {
      exchanges.push({ documents, answer, fail });
      if (!held) answer(documents.map(() => true));
    });
  });
  return { batcher, exchanges, sent: () => exchanges.map(({ documents }) => documents) };
}

const turn = () => new Promise(setImmediate);

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

test("what is inserted in one turn shares one exchange, in order", async () => {
  const { batcher, sent } = open();
  expect(await Promise.all([1, 2, 3].map((n) => batcher.insert(n)))).toEqual([true, true, true]);
  expect(sent()).toEqual([[1, 2, 3]]);
});

test("each insert gets its own outcome", async () => {
  const { batcher, exchanges } = open({ held: true });
  const inserted = Promise.allSettled([1, 2, 3].map((n) => batcher.insert(n)));
  await turn();
  exchanges[0]!.answer([true, false, new Error("refused")]);
  expect(await inserted).toEqual([
    { status: "fulfilled", value: true },
    { status: "fulfilled", value: false },
    { status: "rejected", reason: new Error("refused") },
  ]);
});

test("an exchange that fails as a whole rejects its own inserts only, and others go on", async () => {
  const { batcher, exchanges } = open({ held: true });
  const first = Promise.allSettled([batcher.insert(1), batcher.insert(2)]);
  await turn();
  const second = batcher.insert(3);
  await turn();
  exchanges[0]!.fail(new Error("gone"));
  exchanges[1]!.answer([true]);
  expect((await first).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await second).toBe(true);
});

test("four exchanges are under way at most; what comes meanwhile shares the next one", async () => {
  const { batcher, exchanges, sent } = open({ held: true });
  const inserted: Promise<boolean>[] = [];
  for (const n of numbers(7)) {
    inserted.push(batcher.insert(n));
    await turn();
  }
  expect(sent()).toEqual([[0], [1], [2], [3]]);
  exchanges[2]!.answer([true]);
  await until("the next exchange", () => exchanges.length > 4);
  expect(sent().slice(4)).toEqual([[4, 5, 6]]);
  for (const { documents, answer } of exchanges) answer(documents.map(() => true));
  await Promise.all(inserted);
});

test("an exchange has 500 documents at most", async () => {
  const { batcher, sent } = open();
  await Promise.all(numbers(1_200).map((n) => batcher.insert(n)));
  expect(sent().map(({ length }) => length)).toEqual([500, 500, 200]);
  expect(sent().flat()).toEqual(numbers(1_200));
});

test("an exchange has 8 MB at most, and a larger document goes alone", async () => {
  const { batcher, sent } = open();
  const sizes = [5, 3, 1, 12, 2].map((megabytes) => megabytes * 1024 * 1024);
  await Promise.all(sizes.map((bytes, n) => batcher.insert(n, { bytes })));
  expect(sent()).toEqual([[0, 1], [2], [3], [4]]);
});

test("what nobody waits for joins what comes within some milliseconds", async () => {
  const { batcher, sent } = open();
  const patient = batcher.insert(1, { patient: true });
  await turn();
  expect(sent()).toEqual([]);
  await batcher.insert(2);
  await patient;
  expect(sent()).toEqual([[1, 2]]);
});

test("what nobody waits for goes by itself when no other comes, or at once when somebody hurries", async () => {
  const { batcher, sent } = open();
  await batcher.insert(1, { patient: true });
  const hurried = batcher.insert(2, { patient: true });
  batcher.hurry();
  await turn();
  expect(sent()).toEqual([[1], [2]]);
  await hurried;
});
