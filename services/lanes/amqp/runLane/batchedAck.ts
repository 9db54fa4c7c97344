import type { Channel, Message } from "amqplib";

/** Acknowledges what came in one turn of the event loop together. */
export class BatchedAck {
  private last: Message | undefined;

  constructor(private readonly channel: Channel) {}

  /** Deliveries must be given in the order in which they came. */
  add(delivery: Message): void {
    if (!this.last) setImmediate(() => this.flush());
    this.last = delivery;
  }

  private flush(): void {
    try {
      this.channel.ack(this.last!, true);
    } catch {
      // The channel has ended: they come again, and nobody waits for them any more.
    }
    this.last = undefined;
  }
}
