import type { PoolOptions } from "../pool/options";
import { ContainerPool } from "../pool/pool";
import type { Demand, Lease } from "../pool/pooled";
import { FakeClock, settle } from "./fakeClock";
import { FakeDriver } from "./fakeDriver";

/** A pool on fake containers of 100 MB, and runs on it. */
export class PoolBench {
  readonly clock = new FakeClock();
  readonly driver = new FakeDriver();
  readonly pool: ContainerPool;

  /** @param slots containers of 100 MB that fit */
  constructor(slots: number, options: Partial<PoolOptions> = {}) {
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    this.pool = new ContainerPool({
      driver: this.driver,
      memory: slots * 100,
      idleTimeout: 60_000,
      stemCells: [],
      maxStarting: 4,
      env: () => ({}),
      now: this.clock.now,
      after: this.clock.after,
      logger: quiet,
      ...options,
    });
  }

  /** A run of the action, `tenant/action`, that waits until it has a container. */
  run(action: string, more: Partial<Demand> = {}): FakeRun {
    const run = new FakeRun(this.pool, more.concurrency);
    const demand = { key: action, tenant: action.split("/")[0]!, name: action, kind: "k", memory: 100, ...more };
    // At once, up to the first wait: a time that passes afterwards is one that it has waited.
    (async () => run.got(await this.pool.acquire(demand, (withdraw) => (run.withdraw = withdraw))))().catch((error: Error) => (run.error = error));
    return run;
  }

  /** Callers that call the action again as soon as they have an answer. `step` lets each run that has a container end. */
  loop(action: string, callers: number): Loop {
    return new Loop(this, action, callers);
  }
}

export class FakeRun {
  lease: Lease | undefined;
  error: Error | undefined;
  /** Set when it has to wait. */
  withdraw: (() => boolean) | undefined;

  constructor(
    private readonly pool: ContainerPool,
    private readonly concurrency = 1,
  ) {}

  got(lease: Lease): void {
    this.lease = lease;
    if (!lease.pooled.initialized && this.concurrency === 1) this.load();
  }

  /** Its container has its code, and works on so many runs at a time. Runs of actions that allow only one load at once. */
  load(concurrency = this.concurrency): void {
    this.pool.opened(this.lease!, concurrency);
  }

  /** Id of its container. */
  get container(): string | undefined {
    return this.lease?.pooled.container.id;
  }

  end(reuse = true): void {
    this.pool.release(this.lease!, reuse);
  }
}

export class Loop {
  private runs: FakeRun[];
  /** Runs that have ended. */
  done = 0;

  constructor(
    private readonly bench: PoolBench,
    private readonly action: string,
    callers: number,
  ) {
    this.runs = Array.from({ length: callers }, () => bench.run(action));
  }

  get running(): number {
    return this.runs.filter(({ lease }) => lease).length;
  }

  async step(): Promise<void> {
    // Those that get a container while others end have only begun.
    const ending = [...this.runs.entries()].filter(([, { lease }]) => lease);
    for (const [i, run] of ending) {
      run.end();
      this.done++;
      // The caller is not back at once: for a moment its container is idle.
      await settle();
      this.runs[i] = this.bench.run(this.action);
    }
  }
}
