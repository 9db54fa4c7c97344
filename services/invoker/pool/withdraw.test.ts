import { RunWithdrawnError } from "../../core/errors";
import { settle } from "../testing/fakeClock";
import { PoolBench } from "../testing/poolBench";

it("a run that waits while there is no room can be taken back, and counts no more", async () => {
  const bench = new PoolBench(1);
  const busy = bench.run("t/x");
  await settle();
  const waiting = bench.run("t/x");
  await bench.clock.pass(20);
  expect(bench.pool.occupancy.waiting).toBe(1);
  expect(waiting.withdraw!()).toBe(true);
  await settle();
  expect(waiting.error).toBeInstanceOf(RunWithdrawnError);
  expect(bench.pool.occupancy.waiting).toBe(0);
  busy.end();
  await settle();
  expect(waiting.container).toBeUndefined();
  expect(waiting.withdraw!()).toBe(false);
});

it("a run for which a container is starting stays", async () => {
  const bench = new PoolBench(1);
  bench.driver.held = true;
  const run = bench.run("t/x");
  await settle();
  expect(run.withdraw!()).toBe(false);
  bench.driver.finishStart();
  await settle();
  expect(run.container).toBe("1");
  expect(run.withdraw!()).toBe(false);
});

it("tells how many runs the containers of a key work on at a time, and that there are none when they have ended", async () => {
  const bound: [string, number][] = [];
  const bench = new PoolBench(2, { onBound: (key, containers) => bound.push([key, containers]) });
  const [a, b] = [bench.run("t/x"), bench.run("t/x")];
  await settle();
  a.end();
  b.end(false);
  const other = bench.run("t/y");
  await settle();
  expect(bound).toEqual([
    ["t/x", 1],
    ["t/x", 2],
    ["t/x", 1],
    ["t/y", 1],
  ]);
  other.end();
});
