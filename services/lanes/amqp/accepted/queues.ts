import type { Channel } from "amqplib";
import { messageOf } from "../../../core/errors";
import type { Logger } from "../../../core/owner/context";
import { names } from "../topology";

export interface QueueLimits {
  /** Entries that wait in one queue. */
  maxLength: number;
  /** Bytes of their messages. */
  maxBytes: number;
}

const PRECONDITION_FAILED = 406;
const NOT_FOUND = 404;

/** Declares the queues of the accepted log. */
export class AcceptedQueues {
  /** Queues that an earlier version or configuration has made otherwise. */
  private readonly asTheyAre = new Set<string>();

  constructor(
    private readonly prefix: string,
    private readonly shards: number,
    private readonly limits: QueueLimits,
    private readonly logger: Logger,
  ) {}

  get all(): string[] {
    return Array.from({ length: this.shards }, (_, shard) => names.accepted(this.prefix, shard));
  }

  get rejected(): string {
    return names.rejected(this.prefix);
  }

  /** All of them. @param version of the broker, for they differ in what they know */
  async declare(channel: Channel, version: string): Promise<void> {
    await this.ensure(channel, this.rejected, quorumArguments(version));
    for (const queue of this.all) await this.declareOne(channel, version, queue);
  }

  async declareOne(channel: Channel, version: string, queue: string): Promise<void> {
    const { maxLength, maxBytes } = this.limits;
    const bounds = { "x-max-length": maxLength, "x-max-length-bytes": maxBytes, "x-overflow": "reject-publish" };
    // Nothing is dead-lettered by us; a limit of redeliveries that somebody sets by a policy must not lose anything.
    const deadLetters = { "x-dead-letter-exchange": "", "x-dead-letter-routing-key": this.rejected };
    await this.ensure(channel, queue, { ...quorumArguments(version), ...bounds, ...deadLetters });
  }

  /** The broker refuses to declare a queue that is there with other arguments, and closes the channel: the next one uses it. */
  private async ensure(channel: Channel, queue: string, arguments_: Record<string, unknown>): Promise<void> {
    try {
      if (this.asTheyAre.has(queue)) await channel.checkQueue(queue);
      else await channel.assertQueue(queue, { durable: true, arguments: arguments_ });
    } catch (error) {
      const { code } = error as { code?: number };
      if (code === NOT_FOUND) this.asTheyAre.delete(queue);
      if (code === PRECONDITION_FAILED) {
        this.asTheyAre.add(queue);
        const problem = messageOf(error);
        this.logger.warn({ queue, problem }, "a queue is used as it is; remove it while it is empty to have the configured one");
      }
      throw error;
    }
  }
}

/** Exported for its tests. */
export function quorumArguments(version: string): Record<string, unknown> {
  const major = Number(version.split(".")[0]);
  return {
    "x-queue-type": "quorum",
    // Before 4.0 there is no limit of redeliveries unless one is set, and -1 is refused; since then it is 20.
    ...(major >= 4 ? { "x-delivery-limit": -1 } : {}),
  };
}
