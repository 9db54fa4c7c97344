import { Registry } from "prom-client";
import { watchQueues, watchSession } from "./broker";
import { watchReceiver, watchRunLane } from "./lanes";
import { watchMembership } from "./membership";
import { createRegistry } from "./registry";
import { samplesOf, valuesOf } from "./testing/samples";

test("both ends of the run lane are read at the time of the scrape", async () => {
  const registry = new Registry();
  const lane = { underWay: 3, lost: 1 };
  const receiver = { inHand: 2, queues: 5, counts: { forwarded: 7, orphaned: 4 } };
  watchRunLane(registry, lane);
  watchReceiver(registry, receiver);
  await registry.metrics();
  lane.lost = 2;
  receiver.counts.forwarded++;
  expect(samplesOf(await registry.metrics())).toEqual({
    stackwhisk_lane_outstanding_runs: 3,
    stackwhisk_lane_lost_runs_total: 2,
    stackwhisk_lane_runs_in_hand: 2,
    stackwhisk_lane_queues_served: 5,
    stackwhisk_lane_forwarded_runs_total: 8,
    stackwhisk_lane_dead_invoker_runs_total: 4,
  });
});

test("a connection that came back is counted, and whether it is up and takes messages is shown", async () => {
  const registry = new Registry();
  let tell = (_up: boolean) => {};
  const session = { isUp: true, isBlocked: false, onChange: (listener: (up: boolean) => void) => ((tell = listener), () => {}) };
  watchSession(registry, session);
  for (const up of [false, true, false, true, false]) tell(up);
  Object.assign(session, { isUp: false, isBlocked: true });
  expect(samplesOf(await registry.metrics())).toEqual({ stackwhisk_broker_up: 0, stackwhisk_broker_blocked: 1, stackwhisk_broker_reconnections_total: 2 });
});

test("queues are shown by shard; while the broker does not tell them there are no values, and the rest is served", async () => {
  const registry = new Registry();
  let answers = true;
  watchQueues(registry, {
    ready: async (which) => {
      if (!answers) throw new Error("the broker is away");
      return which === "pending" ? { 0: 4, 1: 0 } : { 0: 9, 1: 1 };
    },
  });
  expect(samplesOf(await registry.metrics())).toEqual({
    'stackwhisk_lane_pending_messages{shard="0"}': 4,
    'stackwhisk_lane_pending_messages{shard="1"}': 0,
    'stackwhisk_accepted_ready_messages{shard="0"}': 9,
    'stackwhisk_accepted_ready_messages{shard="1"}': 1,
    stackwhisk_broker_unanswered_total: 0,
  });
  answers = false;
  await registry.metrics();
  expect(samplesOf(await registry.metrics())).toEqual({ stackwhisk_broker_unanswered_total: 2 });
});

test("who lives is shown by role", async () => {
  const registry = new Registry();
  watchMembership(registry, { count: (role) => (role === "controller" ? 2 : 3) });
  expect(samplesOf(await registry.metrics())).toEqual({ 'stackwhisk_live_instances{role="controller"}': 2, 'stackwhisk_live_instances{role="invoker"}': 3 });
});

test("each process tells what it is, and what it costs", async () => {
  const text = await createRegistry("invoker", "1.2.3").metrics();
  expect(valuesOf(text, "stackwhisk_")).toEqual({ 'stackwhisk_build_info{role="invoker",version="1.2.3"}': 1 });
  const samples = samplesOf(text);
  for (const name of ["process_cpu_seconds_total", "process_resident_memory_bytes", "nodejs_eventloop_lag_p99_seconds"]) expect(samples[name]).toBeGreaterThanOrEqual(0);
});
