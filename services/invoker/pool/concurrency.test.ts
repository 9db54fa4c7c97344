import { settle } from "../testing/fakeClock";
import { type FakeRun, PoolBench } from "../testing/poolBench";

const THREE = { concurrency: 3 };
const containersOf = (runs: FakeRun[]) => runs.map(({ container }) => container);

/** Runs of one action, the first of which has loaded the code. */
async function loaded(bench: PoolBench, count: number, action = "t/x"): Promise<FakeRun[]> {
  const runs = Array.from({ length: count }, () => bench.run(action, THREE));
  await settle();
  runs[0]!.load();
  await settle();
  return runs;
}

describe("a container that works on several runs at a time", () => {
  it("is the only one that starts for as many, and has them all when it has its code", async () => {
    const bench = new PoolBench(8);
    const runs = Array.from({ length: 3 }, () => bench.run("t/x", THREE));
    await bench.clock.pass(1_000);
    expect(containersOf(runs)).toEqual(["1", undefined, undefined]);
    runs[0]!.load();
    await settle();
    expect(containersOf(runs)).toEqual(["1", "1", "1"]);
    expect(bench.pool.starts).toEqual({ warm: 2, prewarmed: 0, cold: 1 });
    expect(bench.pool.occupancy).toMatchObject({ containers: 1, busy: 1, idle: 0, waiting: 0 });
  });

  it("gets another run at once while it has room, and further ones start a container", async () => {
    const bench = new PoolBench(8);
    const runs = await loaded(bench, 2);
    const third = bench.run("t/x", THREE);
    await settle();
    const fourth = bench.run("t/x", THREE);
    await bench.clock.pass(9);
    expect(containersOf([...runs, third, fourth])).toEqual(["1", "1", "1", undefined]);
    await bench.clock.pass(1);
    expect(fourth.container).toBe("2");
  });

  it("serves who waits for room before who comes, in their order", async () => {
    const bench = new PoolBench(1);
    const runs = await loaded(bench, 5);
    expect(containersOf(runs)).toEqual(["1", "1", "1", undefined, undefined]);
    runs[1]!.end();
    const late = bench.run("t/x", THREE);
    await settle();
    expect(containersOf([runs[3]!, runs[4]!, late])).toEqual(["1", undefined, undefined]);
    runs[0]!.end();
    await settle();
    expect(containersOf([runs[4]!, late])).toEqual(["1", undefined]);
  });

  it("is chosen for having the fewest runs", async () => {
    const bench = new PoolBench(8);
    const runs = await loaded(bench, 3);
    const other = bench.run("t/x", THREE);
    await bench.clock.pass(10);
    other.load();
    runs[0]!.end();
    const next = Array.from({ length: 3 }, () => bench.run("t/x", THREE));
    await settle();
    expect(containersOf([other, ...next])).toEqual(["2", "2", "2", "1"]);
  });

  it("is idle only when its last run has ended", async () => {
    const bench = new PoolBench(8);
    const runs = await loaded(bench, 2);
    runs[0]!.end();
    await bench.clock.pass(120_000);
    expect(bench.pool.occupancy).toMatchObject({ busy: 1, idle: 0 });
    expect(bench.driver.containers[0]!.state).toBe("running");
    runs[1]!.end();
    expect(bench.pool.occupancy).toMatchObject({ busy: 0, idle: 1 });
    await bench.clock.pass(10_000);
    expect(bench.driver.containers[0]!.state).toBe("paused");
    await bench.clock.pass(60_000);
    expect(bench.driver.alive).toEqual([]);
  });

  it("is resumed once for runs that come to it at the same time, and has them all", async () => {
    const bench = new PoolBench(8);
    const [first] = await loaded(bench, 1);
    first!.end();
    await bench.clock.pass(10_000);
    const container = bench.driver.containers[0]!;
    let resumes = 0;
    let wake!: () => void;
    container.resume = () => {
      resumes++;
      return new Promise((resolve) => (wake = resolve));
    };
    const runs = [bench.run("t/x", THREE), bench.run("t/x", THREE)];
    await settle();
    expect(containersOf(runs)).toEqual([undefined, undefined]);
    wake();
    await settle();
    expect([containersOf(runs), resumes]).toEqual([["1", "1"], 1]);
  });

  it("is preferred while it is awake to one that would have to be resumed", async () => {
    const bench = new PoolBench(8);
    const runs = await loaded(bench, 4);
    await bench.clock.pass(10);
    runs.find(({ container }) => container === "2")!.load();
    for (const run of runs.filter(({ container }) => container === "2")) run.end();
    await bench.clock.pass(10_000);
    expect(bench.driver.containers.map(({ state }) => state)).toEqual(["running", "paused"]);
    runs[0]!.end();
    const next = bench.run("t/x", THREE);
    await settle();
    expect(next.container).toBe("1");
    expect(bench.driver.containers[1]!.state).toBe("paused");
  });

  it("that does not wake up is replaced for all who wanted it", async () => {
    const bench = new PoolBench(8);
    const [first] = await loaded(bench, 1);
    first!.end();
    await bench.clock.pass(10_000);
    bench.driver.containers[0]!.failsToResume = true;
    const runs = [bench.run("t/x", THREE), bench.run("t/x", THREE)];
    await bench.clock.pass(20);
    runs.find(({ lease }) => lease)!.load();
    await settle();
    expect(containersOf(runs)).toEqual(["2", "2"]);
    for (const run of runs) run.end();
    expect(bench.pool.occupancy).toMatchObject({ containers: 1, busy: 0, used: 100, idle: 1 });
  });
});

describe("a runtime that does not take several runs at a time", () => {
  it("gets one after the other, and containers start for those that counted on it", async () => {
    const bench = new PoolBench(8);
    const runs = Array.from({ length: 3 }, () => bench.run("t/x", THREE));
    await settle();
    runs[0]!.load(1);
    await bench.clock.pass(10);
    expect(containersOf(runs)).toEqual(["1", "2", "3"]);
  });
});

describe("a container that does not get its code", () => {
  it("is not waited for by all that counted on it: each has one of its own", async () => {
    const bench = new PoolBench(8);
    const runs = Array.from({ length: 3 }, () => bench.run("t/x", THREE));
    await settle();
    runs[0]!.end(false);
    await bench.clock.pass(10);
    expect(containersOf(runs)).toEqual(["1", "2", "3"]);
  });
});

describe("a container that is unfit after one of its runs", () => {
  it("gets no further runs and ends with the last that it has", async () => {
    const bench = new PoolBench(8);
    const runs = await loaded(bench, 2);
    runs[0]!.end(false);
    const next = bench.run("t/x", THREE);
    await bench.clock.pass(10);
    expect(next.container).toBe("2");
    expect(bench.driver.containers[0]!.state).toBe("running");
    runs[1]!.end();
    expect(bench.driver.containers[0]!.state).toBe("gone");
    expect(bench.pool.occupancy).toMatchObject({ containers: 1, used: 100 });
  });

  it("gets none after it has ended by itself, though its runs do not know yet", async () => {
    const bench = new PoolBench(8);
    const runs = await loaded(bench, 2);
    bench.driver.containers[0]!.die();
    await settle();
    const next = bench.run("t/x", THREE);
    await bench.clock.pass(10);
    expect(next.container).toBe("2");
    for (const run of runs) run.end(false);
    expect(bench.pool.occupancy).toMatchObject({ containers: 1, busy: 1, used: 100 });
    expect(bench.pool.failures.died).toBe(1);
  });
});

describe("fairness", () => {
  /** All room is taken by two containers of one key, the first with three runs and the second with one; a run of another key waits. */
  async function crowded() {
    const bench = new PoolBench(2);
    const [first] = await loaded(bench, 1);
    const more = [bench.run("t/x", THREE), bench.run("t/x", THREE), bench.run("t/x", THREE)];
    await bench.clock.pass(10);
    more[2]!.load();
    await bench.clock.pass(600);
    const other = bench.run("u/y");
    await bench.clock.pass(20);
    return { bench, first: first!, more, other };
  }

  it("a container that is never idle gives way to a key that has none, and no second one with it", async () => {
    const { bench, first, more, other } = await crowded();
    first.end();
    const rest = bench.run("t/x", THREE);
    more[2]!.end();
    await bench.clock.pass(20);
    // The first one has two runs still, and gets no more; the second goes on.
    expect(rest.container).toBe("2");
    expect(other.container).toBeUndefined();
    more[0]!.end();
    more[1]!.end();
    await bench.clock.pass(20);
    expect(other.container).toBe("3");
    expect(bench.driver.alive.map(({ id }) => id)).toEqual(["2", "3"]);
  });

  it("one that gives way with a long run does not keep others from giving way", async () => {
    const { bench, first, more, other } = await crowded();
    // The first one gives way, and has two runs that take long.
    first.end();
    await bench.clock.pass(600);
    more[2]!.end();
    await bench.clock.pass(20);
    expect(other.container).toBe("3");
  });
});

describe("what is told of containers", () => {
  it("is how many runs those of a key may work on", async () => {
    const told: [string, number][] = [];
    const bench = new PoolBench(8, { onBound: (key, slots) => told.push([key, slots]) });
    const runs = await loaded(bench, 2);
    expect(told).toEqual([["t/x", 1], ["t/x", 3]]);
    runs[0]!.end(false);
    expect(told.at(-1)).toEqual(["t/x", 0]);
    runs[1]!.end();
    expect(told.length).toBe(3);
  });
});

describe("containers that do not start", () => {
  it("are told to all runs that counted on them", async () => {
    const bench = new PoolBench(8);
    bench.driver.fails = true;
    const runs = Array.from({ length: 3 }, () => bench.run("t/x", THREE));
    await settle();
    expect(runs.map(({ error }) => error?.message)).toEqual(Array(3).fill("no room on the disk"));
    expect(bench.pool.occupancy).toMatchObject({ waiting: 0, used: 0 });
  });
});
