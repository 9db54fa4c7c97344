import type { Channel, ConsumeMessage } from "amqplib";
import { pause } from "../backoff";
import type { AmqpSession, SessionChannel } from "../session";
import { Holdings, type HoldingsOptions } from "./holdings";

export interface ShardConsumerOptions extends HoldingsOptions {
  queue: string;
  /** Entries that this process has in hand. */
  prefetch: number;
  declare(channel: Channel): Promise<void>;
}

/** Milliseconds after which the broker takes away what a consumer has not acknowledged: longer than any handler works. */
const CONSUMER_TIMEOUT = 7 * 24 * 3_600_000;

/** Milliseconds for the broker to answer at the end. */
const CLOSE_LIMIT = 1_000;

/** Consumes one queue of the accepted log on a channel of its own: a queue that has lost its leader holds up no other. */
export class ShardConsumer {
  private readonly holdings: Holdings;
  private readonly channel: SessionChannel;
  private stop = async () => {};
  private stopped = false;

  constructor(
    session: AmqpSession,
    private readonly options: ShardConsumerOptions,
  ) {
    this.holdings = new Holdings(options);
    this.channel = session.channel((channel) => this.begin(channel), { prefetch: options.prefetch });
  }

  get current(): Channel | undefined {
    return this.channel.current;
  }

  /** Entries that wait in the queue, and those in hand. */
  async depth(channel: Channel): Promise<number> {
    const { acknowledged } = this.holdings;
    // On the channel on which entries come, so that those which are on their way have arrived before the answer.
    const { messageCount } = await channel.checkQueue(this.options.queue);
    // What was acknowledged since the question may not have arrived yet.
    return messageCount + this.holdings.size + this.holdings.acknowledged - acknowledged;
  }

  /** No more entries come; those that no handler works on go back. */
  async cancel(): Promise<void> {
    this.stopped = true;
    const late = new AbortController();
    await Promise.race([this.stop().catch(() => {}), pause(CLOSE_LIMIT, late.signal)]);
    late.abort();
    this.holdings.close();
  }

  /** Resolves when what was acknowledged has arrived. */
  close(): Promise<void> {
    return this.channel.close();
  }

  private async begin(channel: Channel): Promise<void> {
    this.holdings.move(channel);
    await this.options.declare(channel);
    if (this.stopped) return;
    const receive = (message: ConsumeMessage | null) => message && this.holdings.receive(channel, message);
    const { consumerTag } = await channel.consume(this.options.queue, receive, { arguments: { "x-consumer-timeout": CONSUMER_TIMEOUT } });
    this.stop = async () => void (await channel.cancel(consumerTag));
    if (this.stopped) await this.stop();
  }
}
