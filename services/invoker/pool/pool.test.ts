import { settle } from "../testing/fakeClock";
import { PoolBench } from "../testing/poolBench";

describe("reuse", () => {
  it("gives a run the container of its key that was used last", async () => {
    const bench = new PoolBench(8);
    const [a, b] = [bench.run("t/x"), bench.run("t/x")];
    await settle();
    expect([a.container, b.container]).toEqual(["1", "2"]);
    a.end();
    b.end();
    const next = bench.run("t/x");
    await settle();
    expect(next.container).toBe("2");
    expect(next.lease!.start).toBe("warm");
    expect(bench.pool.starts).toEqual({ warm: 1, prewarmed: 0, cold: 2 });
  });

  it("never gives a container to another key", async () => {
    const bench = new PoolBench(8);
    const first = bench.run("t/x");
    await settle();
    first.end();
    const [other, tenant] = [bench.run("t/y"), bench.run("u/x")];
    await settle();
    expect([other.container, tenant.container]).toEqual(["2", "3"]);
  });

  it("does not use a container again that is given back as unfit, nor twice what is given back twice", async () => {
    const bench = new PoolBench(8);
    const run = bench.run("t/x");
    await settle();
    run.end(false);
    run.end(true);
    expect(bench.driver.alive).toEqual([]);
    expect(bench.pool.occupancy).toMatchObject({ busy: 0, idle: 0, used: 0 });
  });

  it("lets a waiting run take whichever container of its key comes free first", async () => {
    const bench = new PoolBench(8);
    const busy = bench.run("t/x");
    await settle();
    bench.driver.held = true;
    const waiting = bench.run("t/x");
    await bench.clock.pass(10);
    expect(bench.driver.pending).toBe(1);
    busy.end();
    await settle();
    expect(waiting.container).toBe("1");
    bench.driver.finishStart();
    await settle();
    expect(bench.pool.occupancy).toMatchObject({ busy: 1, prewarmed: 1, waiting: 0 });
    const next = bench.run("t/y");
    await settle();
    expect([next.container, next.lease!.start]).toEqual(["2", "prewarmed"]);
  });
});

describe("scale-out", () => {
  it("starts a container at once for a key that has none, and after a short wait for one that has", async () => {
    const bench = new PoolBench(8);
    bench.run("t/x");
    await settle();
    const second = bench.run("t/x");
    await bench.clock.pass(9);
    expect(second.container).toBeUndefined();
    await bench.clock.pass(1);
    expect(second.container).toBe("2");
  });

  it("never starts more for a key than wait, nor more at a time than allowed", async () => {
    const bench = new PoolBench(48, { maxStarting: 4 });
    bench.driver.held = true;
    const runs = Array.from({ length: 3 }, () => bench.run("t/x"));
    await settle();
    expect(bench.driver.pending).toBe(3);
    for (let i = 0; i < 3; i++) bench.run("t/y");
    await settle();
    expect(bench.driver.pending).toBe(4);
    for (let i = 0; i < 6; i++) {
      bench.driver.finishStart();
      await settle();
    }
    expect(bench.driver.mostStarting).toBe(4);
    expect(bench.driver.containers.length).toBe(6);
    expect(runs.every(({ lease }) => lease?.start === "cold")).toBe(true);
  });

  it("does not hold up warm runs while containers start", async () => {
    const bench = new PoolBench(48, { maxStarting: 1 });
    const warm = bench.run("t/x");
    await settle();
    bench.driver.held = true;
    bench.run("t/y");
    warm.end();
    const again = bench.run("t/x");
    await settle();
    expect(again.container).toBe("1");
  });
});

describe("memory", () => {
  it("makes room by ending the idle container that was used longest ago, and never a busy one", async () => {
    const bench = new PoolBench(3);
    const runs = [bench.run("t/a"), bench.run("t/b"), bench.run("t/c")];
    await settle();
    runs[1]!.end();
    await bench.clock.pass(1);
    runs[0]!.end();
    await bench.clock.pass(300);
    const next = bench.run("t/d");
    await settle();
    expect(next.container).toBe("4");
    expect(bench.driver.alive.map(({ spec }) => spec.name)).toEqual(["t/a", "t/c", "t/d"]);
    expect(bench.pool.occupancy).toMatchObject({ used: 300, busy: 2, idle: 1 });
  });

  it("starts a container in another's place only when that one is gone", async () => {
    const bench = new PoolBench(1);
    const first = bench.run("t/a");
    await settle();
    let leave!: () => void;
    bench.driver.containers[0]!.destroy = () => new Promise((resolve) => (leave = resolve));
    first.end();
    await bench.clock.pass(300);
    const next = bench.run("t/b");
    await settle();
    expect(next.lease).toBeUndefined();
    leave();
    await settle();
    expect(next.container).toBe("2");
  });

  it("ends several small idle containers for a large one, and none if that would not be enough", async () => {
    const bench = new PoolBench(4);
    const runs = ["a", "b", "c", "d"].map((name) => bench.run(`t/${name}`));
    await settle();
    runs[0]!.end();
    await bench.clock.pass(300);
    const large = bench.run("t/large", { memory: 200 });
    await bench.clock.pass(300);
    expect(bench.driver.alive.length).toBe(4);
    runs[1]!.end();
    await bench.clock.pass(300);
    expect(large.lease).toBeDefined();
    expect(bench.driver.alive.map(({ spec }) => spec.name)).toEqual(["t/c", "t/d", "t/large"]);
  });

  it("finds room for a large one although small ones keep it full", async () => {
    const bench = new PoolBench(4);
    const loop = bench.loop("t/small", 12);
    await bench.clock.pass(20);
    const large = bench.run("t/large", { memory: 200 });
    for (let i = 0; i < 200 && !large.lease; i++) {
      await loop.step();
      await bench.clock.pass(5);
    }
    expect(large.lease).toBeDefined();
  });

  it("refuses a run that could never fit, naming both sizes", async () => {
    const bench = new PoolBench(4);
    const run = bench.run("t/x", { memory: 512 });
    await settle();
    expect(run.error).toMatchObject({ status: 400, message: "The action needs 512 MB of memory; the platform has 400 MB for all containers." });
    expect(bench.pool.occupancy).toMatchObject({ waiting: 0, used: 0 });
  });
});

describe("more demand than there is room for", () => {
  it("is shared between two actions without containers changing hands once each has its part", async () => {
    const bench = new PoolBench(48, { maxStarting: 4 });
    const a = bench.loop("t/a", 32);
    await bench.clock.pass(20);
    const b = bench.loop("t/b", 32);
    for (let i = 0; i < 40; i++) {
      await a.step();
      await b.step();
      await bench.clock.pass(5);
    }
    expect([a.running, b.running]).toEqual([24, 24]);
    const before = bench.driver.containers.length;
    // Each container that changed hands was one start: 48, and 8 of those that the first had too many.
    expect(before).toBeLessThanOrEqual(56);
    for (let i = 0; i < 300; i++) {
      await a.step();
      await b.step();
      await bench.clock.pass(5);
    }
    expect(bench.driver.containers.length).toBe(before);
    expect(a.done / b.done).toBeGreaterThan(0.8);
  });

  it("leaves an action the containers that it uses up to its part, although they are idle for moments", async () => {
    const bench = new PoolBench(48, { maxStarting: 4 });
    const small = bench.loop("t/small", 10);
    await bench.clock.pass(20);
    const large = bench.loop("t/large", 60);
    for (let i = 0; i < 40; i++) {
      await small.step();
      await large.step();
      await bench.clock.pass(5);
    }
    expect([small.running, large.running]).toEqual([10, 38]);
    const before = bench.driver.containers.length;
    for (let i = 0; i < 200; i++) {
      await small.step();
      await large.step();
      await bench.clock.pass(5);
    }
    expect(bench.driver.containers.length).toBe(before);
  });

  it("does not let a namespace that floods starve another, however many actions it uses", async () => {
    const bench = new PoolBench(8);
    const flood = Array.from({ length: 10 }, (_, i) => bench.loop(`flood/${i}`, 20));
    await bench.clock.pass(20);
    const quiet = bench.loop("quiet/x", 4);
    let steps = 0;
    for (; quiet.running < 4 && steps < 100; steps++) {
      for (const loop of flood) await loop.step();
      await bench.clock.pass(5);
    }
    expect(quiet.running).toBe(4);
    expect(steps).toBeLessThan(100);
  });

  it("lets more actions than there are slots take turns of a length that is worth a start", async () => {
    const bench = new PoolBench(4);
    const loops = Array.from({ length: 8 }, (_, i) => bench.loop(`t/${i}`, 1));
    for (let i = 0; i < 1000; i++) {
      for (const loop of loops) await loop.step();
      await bench.clock.pass(5);
    }
    const runs = loops.map(({ done }) => done);
    expect(Math.min(...runs)).toBeGreaterThan(200);
    // 5 s, in turns of half a second on 4 slots: about 40 turns, not one for each of the 4000 runs.
    expect(bench.driver.containers.length).toBeLessThan(60);
  });

  it("is refused beyond what may wait, of one namespace and of all, naming the bound", async () => {
    const bench = new PoolBench(1, { maxWaiting: 5, maxWaitingOfNamespace: 3 });
    bench.run("t/x");
    await settle();
    const waiting = Array.from({ length: 3 }, () => bench.run("t/x"));
    const tooMany = bench.run("t/y");
    await settle();
    expect(waiting.every(({ error }) => error === undefined)).toBe(true);
    expect(tooMany.error).toMatchObject({ status: 429, message: "Too many concurrent requests in flight (count: 3, allowed: 3)." });
    bench.run("u/x");
    bench.run("v/x");
    const full = bench.run("w/x");
    await settle();
    expect(full.error).toMatchObject({ status: 503, message: "System is overloaded, try again later: 5 runs wait, and at most 5 may." });
  });
});

describe("idle containers", () => {
  it("are paused, then go, and then nothing runs any more", async () => {
    const bench = new PoolBench(8, { idleTimeout: 60_000, pauseAfter: 10_000 });
    const run = bench.run("t/x");
    await settle();
    run.end();
    const [container] = bench.driver.containers;
    await bench.clock.pass(9_999);
    expect(container!.state).toBe("running");
    await bench.clock.pass(1);
    expect(container!.state).toBe("paused");
    await bench.clock.pass(49_999);
    expect(container!.state).toBe("paused");
    await bench.clock.pass(1);
    expect(container!.state).toBe("gone");
    expect(bench.pool.occupancy).toMatchObject({ used: 0, containers: 0 });
    expect(bench.clock.pending).toBe(0);
  });

  it("that are paused are resumed for the next run", async () => {
    const bench = new PoolBench(8);
    const run = bench.run("t/x");
    await settle();
    run.end();
    await bench.clock.pass(20_000);
    const next = bench.run("t/x");
    await settle();
    expect(next.container).toBe("1");
    expect(bench.driver.containers[0]!.state).toBe("running");
  });

  it("that do not wake up are replaced", async () => {
    const bench = new PoolBench(8);
    const run = bench.run("t/x");
    await settle();
    run.end();
    await bench.clock.pass(20_000);
    bench.driver.containers[0]!.failsToResume = true;
    const next = bench.run("t/x");
    await settle();
    expect(next.container).toBe("2");
    expect(bench.driver.alive.length).toBe(1);
  });

  it("that die are forgotten, and their memory is free", async () => {
    const bench = new PoolBench(1);
    const run = bench.run("t/x");
    await settle();
    run.end();
    bench.driver.containers[0]!.die();
    await settle();
    expect(bench.pool.occupancy).toMatchObject({ used: 0, idle: 0 });
    const next = bench.run("t/x");
    await settle();
    expect(next.container).toBe("2");
  });
});

describe("containers that fail", () => {
  it("while they are busy are not used again, and who waits gets another", async () => {
    const bench = new PoolBench(1);
    const run = bench.run("t/x");
    await settle();
    const waiting = bench.run("t/x");
    bench.driver.containers[0]!.die();
    await settle();
    run.end(true);
    await settle();
    expect(waiting.container).toBe("2");
  });

  it("to start fail one waiting run of a key that has no other", async () => {
    const bench = new PoolBench(4);
    bench.driver.held = true;
    const runs = [bench.run("t/x"), bench.run("t/x")];
    await settle();
    bench.driver.fails = true;
    bench.driver.finishStart();
    await settle();
    expect(runs[0]!.error).toMatchObject({ name: "ContainerError", message: "no room on the disk" });
    bench.driver.fails = false;
    bench.driver.finishStart();
    await settle();
    expect(runs[1]!.container).toBe("1");
    expect(bench.pool.occupancy).toMatchObject({ used: 100, waiting: 0 });
  });

  it("to start fail nobody while the key has others, and are tried again later", async () => {
    const bench = new PoolBench(4);
    const busy = bench.run("t/x");
    await settle();
    bench.driver.fails = true;
    const waiting = bench.run("t/x");
    await bench.clock.pass(20);
    expect(waiting.error).toBeUndefined();
    bench.driver.fails = false;
    await bench.clock.pass(1_000);
    expect(waiting.container).toBe("2");
    busy.end();
  });
});

describe("prewarmed containers", () => {
  const stemCells = [{ kind: "k", memory: 100, count: 2 }];

  it("are started at the beginning, serve the first runs of any key, and are replaced in the background", async () => {
    const bench = new PoolBench(8, { stemCells });
    bench.pool.prewarm();
    await settle();
    expect(bench.pool.occupancy).toMatchObject({ prewarmed: 2, used: 200 });
    const run = bench.run("t/x");
    await settle();
    expect(run.lease!.start).toBe("prewarmed");
    expect(bench.driver.containers.length).toBe(2);
    await bench.clock.pass(100);
    expect(bench.pool.occupancy).toMatchObject({ prewarmed: 2, used: 300 });
  });

  it("are kept for a kind as soon as somebody needs it, and go when nobody has for a time", async () => {
    const bench = new PoolBench(8, { stemCells });
    expect(bench.driver.containers).toEqual([]);
    const run = bench.run("t/x");
    await bench.clock.pass(100);
    expect(bench.pool.occupancy).toMatchObject({ prewarmed: 2 });
    await bench.clock.pass(70_000);
    expect(bench.pool.occupancy).toMatchObject({ prewarmed: 0, containers: 1 });
    expect(bench.clock.pending).toBe(0);
    run.end();
  });

  it("serve only their kind and size, and never an image of somebody's own", async () => {
    const bench = new PoolBench(16, { stemCells });
    bench.pool.prewarm();
    await settle();
    const runs = [bench.run("t/a", { kind: "other" }), bench.run("t/b", { memory: 200 }), bench.run("t/c", { image: "own" })];
    await settle();
    expect(runs.map(({ lease }) => lease!.start)).toEqual(["cold", "cold", "cold"]);
  });

  it("make room for runs, and wait until nobody does", async () => {
    const bench = new PoolBench(2, { stemCells });
    bench.pool.prewarm();
    await settle();
    const runs = [bench.run("t/x", { kind: "other" }), bench.run("t/y", { kind: "other" })];
    await settle();
    expect(runs.map(({ lease }) => lease!.start)).toEqual(["cold", "cold"]);
    expect(bench.pool.occupancy).toMatchObject({ prewarmed: 0, used: 200 });
  });

  it("that die while they wait are replaced", async () => {
    const bench = new PoolBench(8, { stemCells });
    bench.pool.prewarm();
    await settle();
    bench.driver.containers[0]!.die();
    await bench.clock.pass(100);
    expect(bench.pool.occupancy).toMatchObject({ prewarmed: 2, used: 200 });
  });
});

describe("closing", () => {
  it("does not wait for a run whose container could not be resumed", async () => {
    const bench = new PoolBench(1);
    const run = bench.run("t/x");
    await settle();
    run.end();
    await bench.clock.pass(20_000);
    bench.driver.containers[0]!.failsToResume = true;
    const next = bench.run("t/x");
    await bench.pool.close(60_000);
    expect(next.error).toMatchObject({ status: 503 });
    expect(bench.driver.alive).toEqual([]);
  });

  it("refuses who waits and who comes, lets who runs finish, and ends all containers", async () => {
    const bench = new PoolBench(2);
    const [run, idle] = [bench.run("t/x"), bench.run("t/y")];
    await settle();
    idle.end();
    const busyLater = bench.run("t/x");
    let closed = false;
    const closing = bench.pool.close().then(() => (closed = true));
    const late = bench.run("t/y");
    await settle();
    expect(late.error).toMatchObject({ status: 503 });
    expect(busyLater.error ?? busyLater.lease).toBeDefined();
    expect(closed).toBe(false);
    run.end();
    if (busyLater.lease) busyLater.end();
    await closing;
    expect(bench.driver.alive).toEqual([]);
    expect(bench.clock.pending).toBe(0);
  });

  it("ends what still runs after the time it was given", async () => {
    const bench = new PoolBench(2);
    bench.run("t/x");
    await settle();
    await bench.pool.close(1);
    expect(bench.driver.alive).toEqual([]);
  });

  it("ends containers that are still starting", async () => {
    const bench = new PoolBench(2);
    bench.driver.held = true;
    const run = bench.run("t/x");
    await settle();
    const closing = bench.pool.close();
    bench.driver.finishStart();
    await closing;
    expect(run.error).toMatchObject({ status: 503 });
    expect(bench.driver.alive).toEqual([]);
  });
});
