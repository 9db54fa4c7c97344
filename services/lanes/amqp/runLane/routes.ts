import type { Channel } from "amqplib";
import { LruMap } from "../../../core/entities/lru";
import { sha256 } from "../../../core/ids";

/** Queues for what no warm container takes. Namespaces share one by chance only: none waits behind the flood of another. */
export const PENDING_SHARDS = 8;
/** Messages that one of these holds; what is more is refused. */
const PENDING_LENGTH = 20_000;
/** An unused queue of a run key goes after this, one of completions whose owner is gone after that. Milliseconds. */
const KEY_QUEUE_EXPIRES = 10 * 60_000;
export const COMPLETIONS_EXPIRE = 5 * 60_000;
const ROUTES = 10_000;
/** What is in it may be lost: its owners resolve that. */
export const keyQueueOptions = { durable: true, expires: KEY_QUEUE_EXPIRES };

/** Where runs with one key go: routing key and queue. */
export interface Route {
  /** `<shard>.<hash of the run key>`: the shard decides which pending queue gets it when nobody has its queue. */
  routingKey: string;
  queue: string;
}

/** Names of the run lane on the broker. */
export class RunLaneNames {
  private readonly routes = new LruMap<string, Route>(ROUTES);

  constructor(private readonly prefix: string) {}

  get runs(): string {
    return `${this.prefix}.runs`;
  }

  /** The exchange for what has no queue of its own. */
  get pending(): string {
    return `${this.prefix}.pending`;
  }

  get pendingQueues(): string[] {
    return Array.from({ length: PENDING_SHARDS }, (_, shard) => `${this.prefix}.pending.${shard}`);
  }

  get census(): string {
    return `${this.prefix}.census`;
  }

  completions(instance: string): string {
    return `${this.prefix}.done.${instance}`;
  }

  marker(instance: string): string {
    return `${this.prefix}.mark.${instance}`;
  }

  /** @param key a run key: it begins with the id of the invoking namespace */
  route(key: string): Route {
    const known = this.routes.get(key);
    if (known) return known;
    const shard = parseInt(sha256(key.slice(0, key.indexOf("/"))).slice(0, 8), 16) % PENDING_SHARDS;
    const hash = sha256(key).slice(0, 32);
    const route = { routingKey: `${shard}.${hash}`, queue: `${this.prefix}.run.${hash}` };
    this.routes.set(key, route);
    return route;
  }
}

/** Declares what every run may need on its way. */
export async function declareRunLane(channel: Channel, names: RunLaneNames): Promise<void> {
  await channel.assertExchange(names.pending, "topic", { durable: true });
  await channel.assertExchange(names.runs, "direct", { durable: true, alternateExchange: names.pending });
  await channel.assertExchange(names.census, "fanout", { durable: true });
  for (const [shard, queue] of names.pendingQueues.entries()) {
    await channel.assertQueue(queue, { durable: true, maxLength: PENDING_LENGTH, arguments: { "x-overflow": "reject-publish" } });
    await channel.bindQueue(queue, names.pending, `${shard}.*`);
  }
}

/** From now on the runs of a key come to its queue instead of to the pending queue. */
export async function bindKeyQueue(channel: Channel, names: RunLaneNames, { queue, routingKey }: Route): Promise<void> {
  await channel.bindQueue(queue, names.runs, routingKey);
}
