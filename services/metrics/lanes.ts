import type { Registry } from "prom-client";
import type { AmqpRunLane } from "../lanes/amqp/runLane/lane";
import type { AmqpRunReceiver } from "../lanes/amqp/runLane/receiver";
import { count, gauge } from "./readings";

/** The owner's end of the run lane. */
export function watchRunLane(registry: Registry, lane: Pick<AmqpRunLane, "underWay" | "lost">): void {
  gauge(registry, { name: "stackwhisk_lane_outstanding_runs", help: "Runs that this controller has sent and waits for." }, () => lane.underWay);
  count(registry, { name: "stackwhisk_lane_lost_runs_total", help: "Runs of which no outcome came: blocking ones fail, accepted ones are looked for and offered again." }, () => lane.lost);
}

/** The invoker's end. */
export function watchReceiver(registry: Registry, receiver: Pick<AmqpRunReceiver, "inHand" | "queues" | "counts">): void {
  gauge(registry, { name: "stackwhisk_lane_runs_in_hand", help: "Runs that this invoker has taken and not answered." }, () => receiver.inHand);
  gauge(registry, { name: "stackwhisk_lane_queues_served", help: "Queues of actions that this invoker serves, because it has containers of them." }, () => receiver.queues);
  count(registry, { name: "stackwhisk_lane_forwarded_runs_total", help: "Runs that had no room here and were given to whichever invoker has." }, () => receiver.counts.forwarded);
  count(registry, { name: "stackwhisk_lane_dead_invoker_runs_total", help: "Blocking runs that came here because the invoker that had them was gone: their owners are told that they are lost." }, () => receiver.counts.orphaned);
}
