import type { Channel, ConsumeMessage } from "amqplib";

/** One consumer of a queue, of which prefetch and being can change. */
export class Subscription {
  private tag: string | undefined;
  /** Messages that it may have in hand; 0: there is no consumer. */
  private prefetch = 0;
  /** Changes come one after the other, or a consumer would be left behind. */
  private changing: Promise<void> = Promise.resolve();

  /** @param priority consumers of higher priority are served first, as long as they may have more */
  constructor(
    private readonly queue: string,
    private readonly priority: number,
    private readonly onDelivery: (channel: Channel, delivery: ConsumeMessage) => void,
  ) {}

  /** The channel with its consumer is gone. */
  forget(): void {
    this.changing = Promise.resolve();
    this.tag = undefined;
    this.prefetch = 0;
  }

  /** Makes it have this prefetch; what it has in hand stays in hand. */
  set(channel: Channel, prefetch: number): Promise<void> {
    const changed = this.changing.then(() => this.change(channel, prefetch));
    this.changing = changed.catch(() => undefined);
    return changed;
  }

  private async change(channel: Channel, prefetch: number): Promise<void> {
    if (prefetch === this.prefetch) return;
    const old = this.tag;
    if (prefetch > 0) {
      // Sent together: the prefetch of a channel holds for the consumers that come next.
      const [, consumer] = await Promise.all([
        channel.prefetch(prefetch),
        channel.consume(this.queue, (delivery) => delivery && this.onDelivery(channel, delivery), { priority: this.priority }),
      ]);
      this.tag = consumer.consumerTag;
    } else {
      this.tag = undefined;
    }
    this.prefetch = prefetch;
    if (old !== undefined) await channel.cancel(old);
  }
}
