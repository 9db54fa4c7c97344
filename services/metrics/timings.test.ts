import { Registry } from "prom-client";
import { Timings } from "./timings";

const named = { name: "took_seconds", help: "What it took." };

test("durations are shown as a histogram in seconds, each bucket with all below it, a bound included", async () => {
  const registry = new Registry();
  const timer = new Timings<"kind">(registry, named, [0.001, 0.01, 1]).timer({ kind: "warm" });
  for (const milliseconds of [0.5, 1, 2, 1000, 250_000]) timer.observe(milliseconds);
  expect(await registry.metrics()).toBe(`# HELP took_seconds What it took.
# TYPE took_seconds histogram
took_seconds_bucket{le="0.001",kind="warm"} 2
took_seconds_bucket{le="0.01",kind="warm"} 3
took_seconds_bucket{le="1",kind="warm"} 4
took_seconds_bucket{le="+Inf",kind="warm"} 5
took_seconds_sum{kind="warm"} 251.0035
took_seconds_count{kind="warm"} 5
`);
});

test("a duration below zero, of clocks that differ, counts as none", async () => {
  const registry = new Registry();
  new Timings(registry, named, [1]).timer({}).observe(-5000);
  expect(await registry.metrics()).toContain("took_seconds_sum 0\ntook_seconds_count 1");
});

test("a series that nothing was observed of is there with zeros", async () => {
  const registry = new Registry();
  new Timings(registry, named).timer({});
  const text = await registry.metrics();
  expect(text).toContain('took_seconds_bucket{le="300"} 0');
  expect(text).toContain("took_seconds_count 0");
});

test("a name is taken once", () => {
  const registry = new Registry();
  new Timings(registry, named);
  expect(() => new Timings(registry, named)).toThrow("took_seconds");
});
