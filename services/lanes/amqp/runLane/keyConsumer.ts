import type { Channel, ConsumeMessage } from "amqplib";
import { messageOf } from "../../../core/errors";
import type { Logger } from "../../../core/owner/context";
import { bindKeyQueue, keyQueueOptions, type Route, type RunLaneNames } from "./routes";
import { Subscription } from "./subscription";

/** What no warm container of any invoker takes comes to one that has some all the same, to be waited for there. */
const OVERFLOW = { least: 8, each: 2, most: 1024 };
/** What AMQP can say of a consumer's prefetch. */
const MOST_SLOTS = 65_535;
const WARM_PRIORITY = 10;
/** How long a queue is served for which there are no containers yet. Milliseconds. */
const LINGER = 1_000;
/** What the broker was bringing to a queue when that was unbound has come by then. Milliseconds. */
const SETTLE = 50;

export interface KeyConsumerOptions {
  route: Route;
  names: RunLaneNames;
  logger: Logger;
  /** The channel of now. */
  channel(): Channel | undefined;
  /** Runs of the key in hand. */
  inHand(): number;
  onDelivery(channel: Channel, delivery: ConsumeMessage): void;
  /** It has stopped, and nobody serves what is in the queue. */
  orphaned(): void;
  /** It serves the queue no more. */
  done(): void;
}

/**
 * Serves the queue of one run key: as many runs at a time as its warm containers work on, and at a lower priority, so only
 * when no invoker has a container free, some more that wait here for the next one or for a new container.
 * When the last container has gone its runs go elsewhere, if no other invoker serves it.
 */
export class KeyConsumer {
  private readonly warm: Subscription;
  private readonly overflow: Subscription;
  /** Runs that its containers work on at a time. */
  private slots = 0;
  /** Serves it without containers: it was asked to, or has found something in it. */
  private lingering: NodeJS.Timeout | undefined;
  private stopped = false;
  /** It is there and gets its runs. */
  private bound = false;
  /** It was made, so it may get runs. */
  private known = false;
  private dirty = false;
  private working: Promise<void> | undefined;

  constructor(private readonly options: KeyConsumerOptions) {
    const { queue } = options.route;
    this.warm = new Subscription(queue, WARM_PRIORITY, options.onDelivery);
    this.overflow = new Subscription(queue, 0, options.onDelivery);
  }

  setSlots(slots: number): void {
    this.slots = Math.min(slots, MOST_SLOTS);
    this.reconcile();
  }

  /** Serves it for a while, though there are no containers: what is in it makes some. */
  adopt(): void {
    clearTimeout(this.lingering);
    this.lingering = setTimeout(() => {
      this.lingering = undefined;
      this.reconcile();
    }, LINGER).unref();
    this.reconcile();
  }

  /** The channel is a new one. */
  renew(): void {
    this.bound = false;
    this.warm.forget();
    this.overflow.forget();
    this.reconcile();
  }

  /** One of its runs has left. */
  left(): void {
    if (this.slots === 0 && this.options.inHand() === 0) this.reconcile();
  }

  /** Takes no more, for good. */
  async stop(): Promise<void> {
    clearTimeout(this.lingering);
    this.lingering = undefined;
    this.stopped = true;
    this.reconcile();
    await this.working;
  }

  private get wanted(): boolean {
    return !this.stopped && (this.slots > 0 || this.lingering !== undefined || this.options.inHand() > 0);
  }

  /** One change at a time; what changes meanwhile is seen to afterwards. */
  private reconcile(): void {
    this.dirty = true;
    this.working ??= this.work().finally(() => {
      this.working = undefined;
      if (this.dirty && this.options.channel()) this.reconcile();
    });
  }

  private async work(): Promise<void> {
    while (this.dirty) {
      const channel = this.options.channel();
      // With the next channel it is renewed.
      if (!channel) return;
      this.dirty = false;
      try {
        if (this.wanted) await this.serve(channel);
        else await this.leave(channel);
      } catch (error) {
        if (this.options.channel() !== channel) continue;
        this.options.logger.warn({ queue: this.options.route.queue, error: messageOf(error) }, "the queue of an action could not be served");
      }
    }
  }

  private async serve(channel: Channel): Promise<void> {
    const { route, names } = this.options;
    const unbound = !this.bound;
    if (unbound) await channel.assertQueue(route.queue, keyQueueOptions);
    this.known = true;
    await this.overflow.set(channel, overflowOf(this.slots));
    await this.warm.set(channel, this.slots);
    // Last: whoever unbinds it after this sees that it has a consumer.
    if (unbound) await bindKeyQueue(channel, names, route);
    this.bound = true;
  }

  private async leave(channel: Channel): Promise<void> {
    await this.warm.set(channel, 0);
    await this.overflow.set(channel, 0);
    this.bound = false;
    if (!this.known) return this.options.done();
    // What is in hand has to be answered first: it may make a container.
    if (this.options.inHand() > 0) return;
    const left = await this.abandon(channel);
    // It has come to be needed again.
    if (this.wanted) return;
    if (left === "nothing") {
      this.known = false;
      if (!this.dirty) this.options.done();
    } else if (this.stopped) {
      this.options.orphaned();
    } else {
      this.adopt();
    }
  }

  /**
   * Sends the runs of the key elsewhere if no invoker serves its queue. The queue itself expires: one that is removed takes
   * with it the runs that the broker is just bringing there, and the channel of an invoker that is about to serve it.
   */
  private async abandon(channel: Channel): Promise<"nothing" | "something"> {
    const { names, route } = this.options;
    const { queue, routingKey } = route;
    // Declared rather than looked for: to ask for a queue that is not there ends the channel.
    if ((await channel.assertQueue(queue, keyQueueOptions)).consumerCount > 0) return "nothing";
    await channel.unbindQueue(queue, names.runs, routingKey);
    await new Promise((resolve) => setTimeout(resolve, SETTLE));
    if (this.wanted) return "something";
    const { messageCount, consumerCount } = await channel.assertQueue(queue, keyQueueOptions);
    // Somebody has come to serve it meanwhile: it gets its runs again.
    if (consumerCount > 0) await bindKeyQueue(channel, names, route);
    return consumerCount === 0 && messageCount > 0 ? "something" : "nothing";
  }
}

/** A multiple that seldom changes: each change is a new consumer. */
function overflowOf(slots: number): number {
  let size = OVERFLOW.least;
  while (size < OVERFLOW.each * slots && size < OVERFLOW.most) size *= 2;
  return size;
}
