import { createHash } from "node:crypto";
import { RunLaneNames } from "./runLane/routes";
import type { AmqpSession } from "./session";

/** Queues of accepted work. Fixed: entries of another number's queues would wait for nobody. */
export const SHARDS = 8;

/** The names of everything that the platform has in the broker: all begin with its prefix. */
export const names = {
  /** Accepted work of the namespaces of one shard. */
  accepted: (prefix: string, shard: number) => `${prefix}.accepted.${shard}`,
  /** What came through the accepted log and cannot be read. */
  rejected: (prefix: string) => `${prefix}.accepted.rejected`,
  /** Says whose all of this is. */
  owner: (prefix: string) => `${prefix}.owner`,
  /** The exchange that tells all processes of changes. */
  notices: (prefix: string) => `${prefix}.notices`,
};

/** The same for a namespace wherever and whenever it is asked. */
export function shardOf(namespace: string, shards = SHARDS): number {
  return createHash("sha256").update(namespace).digest().readUInt32BE(0) % shards;
}

export interface RemovalOptions {
  /** Processes that may have been killed, with queues of their own. */
  instances?: readonly string[];
  shards?: number;
  /** Milliseconds. */
  limit?: number;
}

/**
 * Removes what a platform has declared, entries that are not done included. Nothing may run on it any more. The queues of
 * runs expire.
 */
export async function removeTopology(session: AmqpSession, prefix: string, { instances = [], shards = SHARDS, limit = 10_000 }: RemovalOptions = {}): Promise<void> {
  const lane = new RunLaneNames(prefix);
  const channel = session.channel(async (channel) => {
    for (let shard = 0; shard < shards; shard++) await channel.deleteQueue(names.accepted(prefix, shard));
    await channel.deleteQueue(names.rejected(prefix));
    const ofInstances = instances.flatMap((instance) => [lane.completions(instance), lane.marker(instance)]);
    for (const queue of [...lane.pendingQueues, ...ofInstances]) await channel.deleteQueue(queue);
    for (const exchange of [names.notices(prefix), lane.runs, lane.pending, lane.census]) await channel.deleteExchange(exchange);
    // The last of all: an interrupted removal can be taken up again by the owner alone.
    await channel.deleteQueue(names.owner(prefix));
  });
  try {
    await session.whenUp(limit);
  } finally {
    await channel.close();
  }
}
