import fc from "fast-check";
import { settle } from "../testing/fakeClock";
import { type FakeRun, PoolBench } from "../testing/poolBench";

/** Of each action: MB of its container, runs that it allows in one, and runs that its runtime takes. */
const ACTIONS: Record<string, { memory: number; concurrency: number; takes: number }> = {
  "t/one": { memory: 100, concurrency: 1, takes: 1 },
  "t/three": { memory: 100, concurrency: 3, takes: 3 },
  "u/three": { memory: 200, concurrency: 3, takes: 3 },
  "u/told": { memory: 100, concurrency: 3, takes: 1 },
};
const MEMORY = 500;

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("run" as const), action: fc.constantFrom(...Object.keys(ACTIONS)) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("end" as const), which: fc.nat(), reuse: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false)) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(0, 5, 15, 300, 1_500, 11_000, 70_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("die" as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("withdraw" as const), which: fc.nat() }) },
);

/** Runs on a pool, and what is known of each. */
class World {
  readonly told = new Map<string, number>();
  readonly bench = new PoolBench(5, { memory: MEMORY, onBound: (key, slots) => this.told.set(key, slots) });
  private readonly all: { action: string; run: FakeRun; ended?: true; seen?: true }[] = [];
  /** Containers to which no run may come any more. */
  private readonly unfit = new Set<string>();
  /** By container: the action that it is of. */
  private readonly owners = new Map<string, string>();

  begin(action: string): void {
    const { memory, concurrency } = ACTIONS[action]!;
    this.all.push({ action, run: this.bench.run(action, { memory, concurrency }) });
  }

  get running() {
    return this.all.filter(({ run, ended }) => run.lease && !ended);
  }

  get waiting() {
    return this.all.filter(({ run }) => !run.lease && !run.error);
  }

  end(which: number, reuse: boolean): void {
    const running = this.running;
    const one = running[which % running.length];
    if (!one) return;
    one.ended = true;
    one.run.end(reuse);
    if (!reuse) this.unfit.add(one.run.container!);
  }

  withdraw(which: number): void {
    const waiting = this.waiting;
    waiting[which % waiting.length]?.run.withdraw?.();
  }

  die(which: number): void {
    const { alive } = this.bench.driver;
    const one = alive[which % alive.length];
    one?.die();
    if (one) this.unfit.add(one.id);
  }

  /** Who has a container that has no code loads it. */
  async settle(): Promise<void> {
    await settle();
    for (let before = -1; before !== this.running.length; await settle()) {
      before = this.running.length;
      for (const { action, run } of this.running) if (!run.lease!.pooled.initialized) run.load(ACTIONS[action]!.takes);
    }
  }

  check(): void {
    const { pool, driver } = this.bench;
    const byContainer = new Map<string, { action: string; count: number; capacity: number }>();
    for (const each of this.running) {
      const { action, run } = each;
      if (!each.seen) expect([...this.unfit]).not.toContain(run.container);
      each.seen = true;
      const known = byContainer.get(run.container!) ?? { action, count: 0, capacity: run.lease!.pooled.capacity };
      known.count++;
      byContainer.set(run.container!, known);
      expect(this.owners.get(run.container!) ?? action).toBe(action);
      this.owners.set(run.container!, action);
    }
    for (const { action, count, capacity } of byContainer.values()) {
      expect(capacity).toBeLessThanOrEqual(ACTIONS[action]!.takes);
      expect(count).toBeLessThanOrEqual(ACTIONS[action]!.takes);
    }
    const { used, busy, waiting, containers, idle, prewarmed, starting } = pool.occupancy;
    expect(used).toBeLessThanOrEqual(MEMORY);
    expect({ busy, waiting, starting }).toEqual({ busy: byContainer.size, waiting: this.waiting.length, starting: 0 });
    expect(containers).toBe(busy + idle + prewarmed);
    expect(driver.alive.length).toBeLessThanOrEqual(containers);
    for (const slots of this.told.values()) expect(slots).toBeGreaterThanOrEqual(0);
  }

  /** Everything comes to its end: nobody waits for ever, and nothing is left. */
  async finish(): Promise<void> {
    for (let round = 0; this.running.length + this.waiting.length > 0; round++) {
      if (round > 200) throw new Error(`${this.waiting.length} runs wait for ever, ${this.running.length} run`);
      for (const one of this.running) {
        one.ended = true;
        one.run.end();
      }
      await this.bench.clock.pass(500);
      await this.settle();
    }
    await this.bench.clock.pass(200_000);
    await this.settle();
    expect(this.bench.pool.occupancy).toMatchObject({ used: 0, containers: 0, busy: 0, idle: 0, waiting: 0 });
    expect(this.bench.driver.alive).toEqual([]);
    expect([...this.told.values()].filter((slots) => slots !== 0)).toEqual([]);
  }
}

it("whatever happens, no container has more runs or other ones than it may, memory is not exceeded, and nobody waits for ever", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 150, size: "max" }), async (steps) => {
      const world = new World();
      for (const each of steps) {
        if (each.do === "run") world.begin(each.action);
        else if (each.do === "end") world.end(each.which, each.reuse);
        else if (each.do === "die") world.die(each.which);
        else if (each.do === "withdraw") world.withdraw(each.which);
        else await world.bench.clock.pass(each.ms);
        await world.settle();
        world.check();
      }
      await world.finish();
    }),
    { numRuns: 60 },
  );
});
