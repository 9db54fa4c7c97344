import { settle } from "../testing/fakeClock";
import { PoolBench } from "../testing/poolBench";

const reactive = { minCount: 1, maxCount: 4, ttl: 120_000, threshold: 2, increment: 1 };
const MINUTE = 60_000;

/** A pool with room for 40 containers, whose first runtimes stand ready. */
async function started(count: number, more: Partial<typeof reactive> = {}): Promise<PoolBench> {
  const bench = new PoolBench(40, { stemCells: [{ kind: "k", memory: 100, count, reactive: { ...reactive, ...more } }], maxStarting: 40 });
  bench.pool.prewarm();
  await bench.clock.pass(100);
  return bench;
}
const ready = (bench: PoolBench) => bench.pool.occupancy.prewarmed;

/** So many runs at once, each of another action, which end. */
async function burst(bench: PoolBench, runs: number, of = "t"): Promise<void> {
  const all = Array.from({ length: runs }, (_, n) => bench.run(`${of}/${n}`));
  await settle();
  for (const run of all) run.end();
  await bench.clock.pass(1_000);
}

describe("runtimes that stand ready as a manifest says of cold starts", () => {
  it("are as many as at the beginning, then never fewer than the least", async () => {
    const bench = await started(2);
    expect(ready(bench)).toBe(2);
    await bench.clock.pass(3_600_000);
    expect(ready(bench)).toBe(1);
  });

  it("are more after runs that found none, by what is said for so many, up to the most", async () => {
    const bench = await started(1);
    await burst(bench, 5);
    expect(ready(bench)).toBe(2);
    await burst(bench, 30, "u");
    expect(ready(bench)).toBe(4);
  });

  it("are fewer again when they were not needed for their time", async () => {
    const bench = await started(1);
    await burst(bench, 30);
    expect(ready(bench)).toBe(4);
    await bench.clock.pass(100_000);
    expect(ready(bench)).toBe(4);
    await bench.clock.pass(30_000);
    expect(ready(bench)).toBe(1);
  });

  it("are not more for runs that found one", async () => {
    const bench = await started(1);
    for (let n = 0; n < 10; n++) await burst(bench, 1, `t${n}`);
    expect(bench.pool.starts).toMatchObject({ prewarmed: 10, cold: 0 });
    expect(ready(bench)).toBe(1);
  });

  it("may be none, until there are cold starts", async () => {
    const bench = await started(0, { minCount: 0, threshold: 1 });
    expect(ready(bench)).toBe(0);
    await burst(bench, 2);
    expect(ready(bench)).toBe(2);
    await bench.clock.pass(MINUTE + reactive.ttl);
    expect(ready(bench)).toBe(0);
  });
});
