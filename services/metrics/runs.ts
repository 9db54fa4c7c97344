import { Counter, type Registry } from "prom-client";
import { OUTCOMES } from "../core/model/activation";
import type { RunObservation } from "../invoker/observation";
import { Timings } from "./timings";

/** Names of outcomes as label values, by status code. */
export const OUTCOME_LABELS = OUTCOMES.map((outcome) => outcome.replaceAll(" ", "_"));
const MODES = ["blocking", "accepted"] as const;

/** Counts and times what an invoker runs: each attempt for itself. */
export function observeRuns(registry: Registry): (run: RunObservation) => void {
  const runs = new Counter({ name: "stackwhisk_runs_total", help: "Attempts at runs that came to an outcome, by outcome and by what the caller was promised.", labelNames: ["outcome", "mode"], registers: [registry] });
  const children = MODES.map((mode) => OUTCOME_LABELS.map((outcome) => runs.labels(outcome, mode)));
  for (const child of children.flat()) child.inc(0);
  const waits = new Timings<"start">(registry, { name: "stackwhisk_run_wait_seconds", help: "From when the platform took the invocation to the beginning of its initialisation or run, by how it got its container." });
  const wait = { cold: waits.timer({ start: "cold" }), prewarmed: waits.timer({ start: "prewarmed" }), warm: waits.timer({ start: "warm" }) };
  const init = new Timings(registry, { name: "stackwhisk_run_init_seconds", help: "What giving the code to a container took." }).timer({});
  const run = new Timings(registry, { name: "stackwhisk_run_duration_seconds", help: "What the code took, without its initialisation." }).timer({});
  return (observed) => {
    children[observed.accepted ? 1 : 0]![observed.statusCode]!.inc();
    const { times } = observed;
    if (!times) return;
    wait[times.start].observe(times.wait);
    if (times.init !== undefined) init.observe(times.init);
    if (times.run !== undefined) run.observe(times.run);
  };
}
