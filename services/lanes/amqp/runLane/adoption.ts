import type { Channel } from "amqplib";
import { encodeAdopt, TYPE } from "./codec";
import type { RunLaneNames } from "./routes";

/** Asks whichever invoker has room to serve the queue of a run key, which nobody serves any more. */
export function askToServe(channel: Channel, names: RunLaneNames, key: string): void {
  channel.publish(names.pending, names.route(key).routingKey, encodeAdopt(key), { type: TYPE.adopt });
}
