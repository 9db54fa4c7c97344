import type { RunMessage } from "../core/messages";
import { until } from "./drivers/contract";
import { demandOf } from "./requests";
import { wasSuspended } from "./suspended";
import { Bench } from "./testing/bench";

const CODE = "let n = 0; function main() { return {n: ++n} }";
const SUSPENDED = { kind: "suspended" };
/** One slot. */
let bench: Bench;
beforeEach(() => (bench = new Bench({ memory: 256 })));
afterEach(() => bench.close());

/** A run that was sent some time ago. */
const waited = (accepted = false, since = 1_000): RunMessage => bench.message(CODE, { accepted, receivedAt: Date.now() - since });

const expectNothingBegun = () => expect([bench.store.claims.size, bench.store.records.size]).toEqual([0, 0]);

test("runs that wait for a container when their namespace is blocked are not begun, and their container serves the next ones", async () => {
  const busy = await bench.pool.acquire(demandOf(waited()));
  const runs = [waited(), waited(true)].map((message) => bench.invoker.run(message));
  await until(() => bench.pool.occupancy.waiting === 2);
  bench.isSuspended = () => true;
  bench.pool.release(busy, true);
  expect(await Promise.all(runs)).toEqual([SUSPENDED, SUSPENDED]);
  expectNothingBegun();
  bench.isSuspended = () => false;
  expect((await bench.done(waited())).record.response.result).toEqual({ n: 1 });
  expect(bench.pool.starts).toMatchObject({ cold: 1 });
});

test("a run that comes late, of a namespace that is blocked, starts no container", async () => {
  bench.isSuspended = async () => true;
  expect(await bench.invoker.run(waited(true))).toEqual(SUSPENDED);
  expect(bench.pool.starts.cold).toBe(0);
  expectNothingBegun();
});

test("a run that was begun in a container that died before it saw it is brought to its end, though its namespace is blocked by then", async () => {
  const created = jest.spyOn(bench.driver, "create");
  const { claim } = bench.store.starts;
  bench.store.starts.claim = async (start) => {
    const claimed = await claim(start);
    await (await (created.mock.results[0]!.value as ReturnType<typeof bench.driver.create>)).destroy();
    bench.isSuspended = () => true;
    return claimed;
  };
  expect((await bench.done(waited(true))).record.response.result).toEqual({ n: 1 });
  expect(created).toHaveBeenCalledTimes(2);
});

test.each([
  ["has just been sent goes without a question, for its owner has asked", 0, false],
  ["has waited is asked for", 1_000, true],
  ["seems to come from the future, because clocks differ, is asked for", -1_000, true],
])("a run that %s", async (_, since, asked) => {
  const isSuspended = jest.fn(() => true);
  const now = Date.now();
  const logger = { info: () => {}, warn: () => {}, error: () => {} };
  const message = bench.message(CODE, { receivedAt: now - since });
  expect(await wasSuspended({ isSuspended, now: () => now, logger }, message)).toBe(asked);
  expect(isSuspended).toHaveBeenCalledTimes(asked ? 1 : 0);
});

test("a run of which it cannot be read whether its namespace is blocked goes on as its owner decided, and that is said", async () => {
  bench.isSuspended = () => Promise.reject(new Error("no store"));
  expect((await bench.done(waited())).record.response.result).toEqual({ n: 1 });
  expect(bench.logged).toContain("whether a namespace is blocked could not be read: its run goes on");
});
