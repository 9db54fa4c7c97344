import type { Registry } from "prom-client";
import type { QueueDepths } from "../lanes/amqp/depths";
import type { AmqpSession } from "../lanes/amqp/session";
import { count, gauge, gauges } from "./readings";

/** The connection to the broker. It has been up before. */
export function watchSession(registry: Registry, session: Pick<AmqpSession, "isUp" | "isBlocked" | "onChange">): void {
  let reconnections = 0;
  session.onChange((up) => {
    if (up) reconnections++;
  });
  gauge(registry, { name: "stackwhisk_broker_up", help: "1 while there is a connection to the message broker with all of its channels." }, () => Number(session.isUp));
  gauge(registry, { name: "stackwhisk_broker_blocked", help: "1 while the message broker takes no messages, because it lacks memory or disk space." }, () => Number(session.isBlocked));
  count(registry, { name: "stackwhisk_broker_reconnections_total", help: "Times that the connection to the message broker came back." }, () => reconnections);
}

/** Messages that wait in the broker, for all processes together. When it does not tell them, they are not shown. */
export function watchQueues(registry: Registry, depths: Pick<QueueDepths, "ready">): void {
  let failures = 0;
  const ask = (which: "pending" | "accepted") => async () => {
    try {
      return await depths.ready(which);
    } catch {
      failures++;
      return {};
    }
  };
  gauges(registry, { name: "stackwhisk_lane_pending_messages", help: "Runs that no warm container has taken and no invoker has fetched yet, by shard.", label: "shard" }, ask("pending"));
  gauges(registry, { name: "stackwhisk_accepted_ready_messages", help: "Accepted work that no controller has in hand, by shard.", label: "shard" }, ask("accepted"));
  count(registry, { name: "stackwhisk_broker_unanswered_total", help: "Questions for the length of queues that the message broker did not answer in time." }, () => failures);
}
