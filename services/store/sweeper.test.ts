import { Sweeper, type SweeperOptions } from "./sweeper";

const DAY = 86_400_000;

let now = 100 * DAY;
let due: { milliseconds: number; callback: () => void } | undefined;
let pruned: number[];
let logged: string[];

function sweeper(change: Partial<SweeperOptions> = {}): Sweeper {
  const log = (_fields: object, message: string) => void logged.push(message);
  return new Sweeper({
    prune: async (endedBefore) => pruned.push(endedBefore),
    retention: 7 * DAY,
    now: () => now,
    logger: { info: log, warn: log, error: log },
    after: (milliseconds, callback) => {
      due = { milliseconds, callback };
      return () => (due = undefined);
    },
    ...change,
  });
}

/** Lets what is under way come to its next timer. */
const settled = () => new Promise(setImmediate);

beforeEach(() => {
  [pruned, logged, due, now] = [[], [], undefined, 100 * DAY];
});

test("records go when they have been kept long enough: at the start, and then again and again", async () => {
  const made = sweeper();
  made.start();
  await settled();
  expect([pruned, due?.milliseconds]).toEqual([[93 * DAY], 3_600_000]);
  now += DAY;
  due!.callback();
  await settled();
  expect(pruned).toEqual([93 * DAY, 94 * DAY]);
  await made.close();
  expect(due).toBeUndefined();
});

test.each([
  [500, 1_000],
  [60_000, 6_000],
  [7 * DAY, 3_600_000],
])("records that are kept for %d ms are looked after every %d ms", async (retention, interval) => {
  sweeper({ retention }).start();
  await settled();
  expect(due?.milliseconds).toBe(interval);
});

test("records by which unfinished work goes on stay, however old", async () => {
  let unfinished: number | undefined = 50 * DAY;
  sweeper({ unfinishedSince: async () => unfinished }).start();
  await settled();
  unfinished = 99 * DAY;
  due!.callback();
  await settled();
  unfinished = undefined;
  due!.callback();
  await settled();
  expect(pruned).toEqual([50 * DAY, 93 * DAY, 93 * DAY]);
});

test("a store that fails is told of, and tried again the next time", async () => {
  let failures = 1;
  sweeper({
    prune: async () => {
      if (failures-- > 0) throw new Error("no store");
      return 3;
    },
  }).start();
  await settled();
  expect(logged).toEqual(["old records could not be removed"]);
  due!.callback();
  await settled();
  expect(logged).toEqual(["old records could not be removed", "records that were kept long enough are removed"]);
});

test("closing waits for the sweep that is under way, and no other follows", async () => {
  let end!: (records: number) => void;
  const made = sweeper({ prune: () => new Promise((resolve) => (end = resolve)) });
  made.start();
  await settled();
  let closed = false;
  const closing = made.close().then(() => (closed = true));
  await settled();
  expect(closed).toBe(false);
  end(0);
  await closing;
  expect(due).toBeUndefined();
  made.start();
  await settled();
  expect(due).toBeUndefined();
});
