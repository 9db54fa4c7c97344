import { Registry } from "prom-client";
import { until } from "../../test/support/until";
import { observationOf } from "../invoker/observation";
import { Bench } from "../invoker/testing/bench";
import { watchPool, watchRecords } from "./pool";
import { observeRuns } from "./runs";
import { samplesOf, valuesOf } from "./testing/samples";

const pooled = (initialized: boolean) => ({ initialized }) as Parameters<typeof observationOf>[1]["pooled"];
const message = (accepted: boolean, receivedAt: number) => ({ accepted, receivedAt }) as Parameters<typeof observationOf>[0];

test("of each run it is counted how it ended and timed how long it waited, was initialised and ran", async () => {
  const registry = new Registry();
  const observe = observeRuns(registry);
  observe(observationOf(message(false, 1000), { start: "cold", pooled: pooled(true) }, 0, { start: 1200, end: 1500, initTime: 50 }));
  observe(observationOf(message(false, 2000), { start: "warm", pooled: pooled(true) }, 1, { start: 2010, end: 2030 }));
  observe(observationOf(message(true, 3000), { start: "prewarmed", pooled: pooled(false) }, 2, { start: 3100, end: 3100, initTime: 40 }));
  observe({ accepted: true, statusCode: 3 });
  const text = await registry.metrics();
  expect(valuesOf(text, "stackwhisk_runs_total")).toEqual({
    'stackwhisk_runs_total{outcome="success",mode="blocking"}': 1,
    'stackwhisk_runs_total{outcome="application_error",mode="blocking"}': 1,
    'stackwhisk_runs_total{outcome="action_developer_error",mode="blocking"}': 0,
    'stackwhisk_runs_total{outcome="whisk_internal_error",mode="blocking"}': 0,
    'stackwhisk_runs_total{outcome="success",mode="accepted"}': 0,
    'stackwhisk_runs_total{outcome="application_error",mode="accepted"}': 0,
    'stackwhisk_runs_total{outcome="action_developer_error",mode="accepted"}': 1,
    'stackwhisk_runs_total{outcome="whisk_internal_error",mode="accepted"}': 1,
  });
  expect(valuesOf(text, "stackwhisk_run_")).toEqual({
    'stackwhisk_run_wait_seconds_sum{start="cold"}': 0.15,
    'stackwhisk_run_wait_seconds_count{start="cold"}': 1,
    'stackwhisk_run_wait_seconds_sum{start="prewarmed"}': 0.06,
    'stackwhisk_run_wait_seconds_count{start="prewarmed"}': 1,
    'stackwhisk_run_wait_seconds_sum{start="warm"}': 0.01,
    'stackwhisk_run_wait_seconds_count{start="warm"}': 1,
    stackwhisk_run_init_seconds_sum: 0.09,
    stackwhisk_run_init_seconds_count: 2,
    stackwhisk_run_duration_seconds_sum: 0.32,
    stackwhisk_run_duration_seconds_count: 2,
  });
});

describe("an invoker with its pool", () => {
  const registry = new Registry();
  let bench: Bench;
  beforeAll(() => {
    bench = new Bench({ memory: 1024 }, observeRuns(registry));
    watchPool(registry, bench.pool);
    watchRecords(registry, bench.invoker);
  });
  afterAll(() => bench.close());

  test("tells of cold and warm starts, of what its containers do and of memory", async () => {
    const code = "function main() { return {} }";
    for (let run = 0; run < 3; run++) await bench.done(bench.message(code));
    await until("the records are stored", () => bench.store.records.size === 3);
    const samples = samplesOf(await registry.metrics());
    expect(samples).toMatchObject({
      'stackwhisk_container_starts_total{kind="cold"}': 1,
      'stackwhisk_container_starts_total{kind="prewarmed"}': 0,
      'stackwhisk_container_starts_total{kind="warm"}': 2,
      'stackwhisk_containers{state="busy"}': 0,
      'stackwhisk_containers{state="idle"}': 1,
      'stackwhisk_containers{state="prewarmed"}': 0,
      'stackwhisk_containers{state="starting"}': 0,
      stackwhisk_container_memory_limit_bytes: 1024 ** 3,
      stackwhisk_container_memory_used_bytes: 256 * 1024 ** 2,
      stackwhisk_runs_waiting: 0,
      stackwhisk_records_buffered: 0,
      'stackwhisk_runs_total{outcome="success",mode="blocking"}': 3,
      stackwhisk_run_init_seconds_count: 1,
      stackwhisk_run_duration_seconds_count: 3,
    });
  });

  test("tells of containers that died, and of those that did not come up", async () => {
    const dying = await bench.done(bench.message("function main() { process.exit(1) }", { action: { path: "guest/dying" } }));
    expect(dying.record.response.statusCode).toBe(2);
    const missing = await bench.done(bench.message("function main() {}", { action: { path: "guest/missing", kind: "missing:1" } }));
    expect(missing.record.response.statusCode).toBe(3);
    expect(samplesOf(await registry.metrics())).toMatchObject({
      'stackwhisk_container_failures_total{kind="start"}': 1,
      'stackwhisk_container_failures_total{kind="died"}': 1,
      'stackwhisk_runs_total{outcome="action_developer_error",mode="blocking"}': 1,
      'stackwhisk_runs_total{outcome="whisk_internal_error",mode="blocking"}': 1,
    });
  });
});
