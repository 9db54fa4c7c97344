import type { Channel } from "amqplib";
import { messageOf, WhiskError } from "../../core/errors";
import { pause } from "./backoff";
import { RunLaneNames } from "./runLane/routes";
import type { AmqpSession, SessionChannel } from "./session";
import { names, SHARDS } from "./topology";

export interface QueueDepthsOptions {
  /** Of all names on the broker. */
  prefix: string;
  /** Queues of accepted work. @default 8 */
  shards?: number;
  /** Milliseconds for the broker to answer. @default 1000 */
  limit?: number;
}

const LIMIT = 1_000;

/** Asks the broker how much waits in its queues, on a channel of its own that lives as long as the session: a queue that is not there ends the channel. */
export class QueueDepths {
  private readonly channel: SessionChannel;
  private readonly queues: Record<"pending" | "accepted", string[]>;

  constructor(
    private readonly session: Pick<AmqpSession, "channel" | "broker">,
    private readonly options: QueueDepthsOptions,
  ) {
    const { prefix, shards = SHARDS } = options;
    this.queues = {
      pending: new RunLaneNames(prefix).pendingQueues,
      accepted: Array.from({ length: shards }, (_, shard) => names.accepted(prefix, shard)),
    };
    this.channel = session.channel(async () => {});
  }

  /**
   * Messages that nobody has in hand, by number of the shard.
   *
   * @throws WhiskError 503 when the broker does not answer in time
   */
  async ready(which: "pending" | "accepted"): Promise<Record<string, number>> {
    const { limit = LIMIT } = this.options;
    const channel = this.channel.current;
    const end = new AbortController();
    try {
      if (!channel) throw new Error("there is no connection");
      const late = pause(limit, end.signal).then(() => Promise.reject(new Error(`it has not answered within ${limit} ms`)));
      return await Promise.race([this.ask(channel, this.queues[which]), late]);
    } catch (error) {
      throw new WhiskError(503, `The message broker at ${this.session.broker} has not told the length of its queues: ${messageOf(error)}.`, { cause: error });
    } finally {
      end.abort();
    }
  }

  private async ask(channel: Channel, queues: string[]): Promise<Record<string, number>> {
    const answers = await Promise.all(queues.map((queue) => channel.checkQueue(queue)));
    return Object.fromEntries(answers.map(({ messageCount }, shard) => [shard, messageCount]));
  }
}
