import type { Channel, ConsumeMessage } from "amqplib";
import { messageOf } from "../../../core/errors";
import type { Capacity } from "../../../core/ports/lanes";
import type { Logger } from "../../../core/owner/context";
import type { RunLaneNames } from "./routes";
import { Subscription } from "./subscription";

/** Who has room is served first, a few from each queue at a time: others may have room too. */
const EAGER = { priority: 10, prefetch: 4 };
/** MB that count as room: the memory of the smallest action. */
const ROOM = 128;
/** How often it is looked whether there is room. Milliseconds. */
const LOOK = 50;

/**
 * Takes runs that no warm container took: at a high priority while there is room for containers; at a low one always,
 * as many as there are containers: they get the next one that comes free.
 */
export class PendingConsumer {
  private readonly eager: Subscription[];
  private readonly patient: Subscription[];
  private channel: Channel | undefined;
  private readonly timer: NodeJS.Timeout;
  private working = false;

  constructor(
    names: RunLaneNames,
    private readonly capacity: Capacity,
    /** Containers that fit at the most. */
    private readonly slots: number,
    private readonly logger: Logger,
    onDelivery: (channel: Channel, delivery: ConsumeMessage) => void,
  ) {
    this.eager = names.pendingQueues.map((queue) => new Subscription(queue, EAGER.priority, onDelivery));
    this.patient = names.pendingQueues.map((queue) => new Subscription(queue, 0, onDelivery));
    this.timer = setInterval(() => void this.look(), LOOK).unref();
  }

  async start(channel: Channel): Promise<void> {
    for (const subscription of [...this.eager, ...this.patient]) subscription.forget();
    await Promise.all(this.patient.map((subscription) => subscription.set(channel, this.slots)));
    this.channel = channel;
    await this.look();
  }

  /** Takes no more. */
  async stop(channel: Channel): Promise<void> {
    clearInterval(this.timer);
    this.channel = undefined;
    await Promise.all([...this.eager, ...this.patient].map((subscription) => subscription.set(channel, 0)));
  }

  private async look(): Promise<void> {
    const { channel } = this;
    if (!channel || this.working) return;
    this.working = true;
    const prefetch = this.capacity.freeMemory() >= ROOM ? EAGER.prefetch : 0;
    try {
      await Promise.all(this.eager.map((subscription) => subscription.set(channel, prefetch)));
    } catch (error) {
      if (this.channel === channel) this.logger.warn({ error: messageOf(error) }, "the pending queues could not be served");
      this.channel = undefined;
    } finally {
      this.working = false;
    }
  }
}
