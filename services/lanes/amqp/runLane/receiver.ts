import type { Channel, ConsumeMessage } from "amqplib";
import { messageOf, RunWithdrawnError, WhiskError } from "../../../core/errors";
import type { Logger } from "../../../core/owner/context";
import type { Capacity, Runner } from "../../../core/ports/lanes";
import type { AmqpSession, SessionChannel } from "../session";
import { askToServe } from "./adoption";
import { decodeAdopt, decodeCensus, encodeHolding, encodeReply, type RunReply, TYPE } from "./codec";
import { type Hand, handOf, Hands } from "./hands";
import { KeyConsumer } from "./keyConsumer";
import { PendingConsumer } from "./pendingConsumer";
import { Returner } from "./returner";
import { declareRunLane, RunLaneNames } from "./routes";

export interface AmqpRunReceiverOptions {
  session: AmqpSession;
  /** Of all names on the broker. */
  prefix: string;
  runner: Runner;
  capacity: Capacity;
  /** Containers that fit at the most. */
  slots: number;
  /** No other invoker could take what waits here. @default never */
  isAlone?(): boolean;
  logger: Logger;
  /** Milliseconds since 1970. */
  now?(): number;
}

/** Between two looks for what can be given back when no more is taken. Milliseconds. */
const AGAIN = 50;
const DIED = "The run was lost: the invoker that had it ended, or lost its connection, before it reported an outcome.";

/**
 * The invoker's end of the run lane. A delivery is acknowledged when its completion is on its way; what a dead invoker had
 * in hand comes to another one with the broker's mark. Accepted work is run then, if its start can be claimed; a blocking
 * run may have begun, so its owner is told that it is lost.
 */
export class AmqpRunReceiver {
  private readonly names: RunLaneNames;
  private readonly hands = new Hands();
  private readonly keys = new Map<string, KeyConsumer>();
  private readonly pending: PendingConsumer;
  private readonly channel: SessionChannel;
  private readonly returner: Returner;
  /** Completions that had no channel. */
  private outbox: [hand: Hand, reply: RunReply][] = [];
  private readonly now: () => number;
  private draining = false;
  /** So far: runs that were given to whichever invoker has room, and blocking ones that an invoker had which is gone. */
  readonly counts = { forwarded: 0, orphaned: 0 };

  constructor(private readonly options: AmqpRunReceiverOptions) {
    const { session, prefix, capacity, slots, logger } = options;
    this.now = options.now ?? Date.now;
    this.names = new RunLaneNames(prefix);
    this.pending = new PendingConsumer(this.names, capacity, slots, logger, (channel, delivery) => this.onPending(channel, delivery));
    this.returner = new Returner(this.hands, options.isAlone ?? (() => false), this.now);
    capacity.onBound((key, slots) => this.onBound(key, slots));
    this.channel = session.channel((channel) => this.setUp(channel));
    session.onChange((up) => !up && this.drop());
  }

  /** Runs that are in hand. */
  get inHand(): number {
    return this.hands.size;
  }

  /** Queues of run keys that are served. */
  get queues(): number {
    return this.keys.size;
  }

  /** Takes no more runs, gives back those that wait, and resolves when the others have come to their end. */
  async drain(): Promise<void> {
    this.draining = true;
    const channel = this.channel.current;
    if (channel) {
      await this.pending.stop(channel).catch(() => undefined);
      await Promise.all([...this.keys.values()].map((consumer) => consumer.stop()));
    }
    await this.emptyHands();
    await Promise.all([...this.keys.values()].map((consumer) => consumer.stop()));
  }

  /** Those for which a container was coming may have to be given back later: it has not come, or takes one run at a time. */
  private async emptyHands(): Promise<void> {
    const again = setInterval(() => this.giveBack(), AGAIN);
    this.giveBack();
    await this.hands.empty();
    clearInterval(again);
  }

  private giveBack(): void {
    for (const hand of this.hands.waiting()) this.takeBack(hand, "forward");
  }

  async close(): Promise<void> {
    this.returner.close();
    await this.channel.close();
  }

  private async setUp(channel: Channel): Promise<void> {
    // What was in hand of the channel before and has not begun: the broker gives it to somebody else.
    this.drop();
    await declareRunLane(channel, this.names);
    const { queue } = await channel.assertQueue("", { exclusive: true, autoDelete: true });
    await channel.bindQueue(queue, this.names.census, "");
    await channel.consume(queue, (delivery) => delivery && this.onCensus(channel, delivery), { noAck: true });
    if (!this.draining) await this.pending.start(channel);
    setImmediate(() => this.renewed());
  }

  private renewed(): void {
    // An owner that came back sooner may have asked already.
    const channel = this.channel.current;
    if (channel) for (const owner of this.hands.owners()) this.tellHeld(channel, owner);
    for (const consumer of this.keys.values()) consumer.renew();
    for (const [hand, reply] of this.outbox.splice(0)) this.answer(hand, reply);
  }

  private onBound(key: string, slots: number): void {
    if (this.draining) return;
    if (slots > 0 || this.keys.has(key)) this.consumerOf(key).setSlots(slots);
  }

  private consumerOf(key: string): KeyConsumer {
    let consumer = this.keys.get(key);
    if (!consumer) {
      consumer = new KeyConsumer({
        route: this.names.route(key),
        names: this.names,
        logger: this.options.logger,
        channel: () => this.channel.current,
        inHand: () => this.hands.of(key),
        onDelivery: (channel, delivery) => this.take(channel, delivery, true),
        orphaned: () => this.channel.current && askToServe(this.channel.current, this.names, key),
        done: () => this.keys.delete(key),
      });
      this.keys.set(key, consumer);
    }
    return consumer;
  }

  private onPending(channel: Channel, delivery: ConsumeMessage): void {
    if (delivery.properties.type !== TYPE.adopt) return this.take(channel, delivery, false);
    this.consumerOf(decodeAdopt(delivery.content).key).adopt();
    acknowledge(channel, delivery);
  }

  private onCensus(channel: Channel, delivery: ConsumeMessage): void {
    this.tellHeld(channel, decodeCensus(delivery.content).replyTo);
  }

  private tellHeld(channel: Channel, replyTo: string): void {
    channel.sendToQueue(replyTo, encodeHolding(this.hands.heldFor(replyTo)), { type: TYPE.holding });
  }

  private take(channel: Channel, delivery: ConsumeMessage, direct: boolean): void {
    const hand = handOf(channel, delivery, direct, this.now());
    this.hands.add(hand);
    if (delivery.fields.redelivered && !hand.message.accepted) return this.onOrphan(hand);
    if (this.draining) return this.forward(hand);
    this.options.runner.run(hand.message, hand.ticket).then(
      (completion) => this.answer(hand, completion),
      (error: unknown) => this.onFailure(hand, error),
    );
    if (!hand.ticket.started) this.returner.watch((waiting) => this.takeBack(waiting, "forward"));
  }

  private onOrphan(hand: Hand): void {
    const { activationId, transactionId } = hand.message;
    this.counts.orphaned++;
    this.options.logger.warn({ activationId, transactionId }, "a run was lost: the invoker that had it is gone, and its owner is told");
    this.answer(hand, { kind: "lost", reason: DIED });
  }

  private onFailure(hand: Hand, error: unknown): void {
    if (error instanceof RunWithdrawnError) {
      if (hand.fate === "forward") this.forward(hand);
      else this.letGo(hand);
    } else if (error instanceof WhiskError) {
      this.answer(hand, { kind: "refused", status: error.status, message: error.message });
    } else {
      this.options.logger.error({ activationId: hand.message.activationId, transactionId: hand.message.transactionId, error: messageOf(error) }, "a run failed");
      this.answer(hand, { kind: "lost", reason: "The run was lost: its invoker failed." });
    }
  }

  /**
   * The reply goes before the acknowledgement: of an invoker that dies in between, the run comes to another one, whose answer
   * finds nobody who waits for it.
   */
  private answer(hand: Hand, reply: RunReply): void {
    const channel = this.channel.current;
    if (!channel) {
      this.outbox.push([hand, reply]);
      return;
    }
    try {
      channel.sendToQueue(hand.replyTo, encodeReply(reply), { correlationId: hand.id, messageId: hand.message.transactionId, contentType: "application/json" });
    } catch {
      // The channel has just ended.
      this.outbox.push([hand, reply]);
      return;
    }
    this.letGo(hand);
  }

  /** To whichever invoker has room. */
  private forward(hand: Hand): void {
    this.counts.forwarded++;
    const { properties, content } = hand.delivery;
    const { correlationId, replyTo, messageId, contentType } = properties as unknown as Record<string, string>;
    try {
      hand.channel.publish(this.names.pending, this.names.route(hand.key).routingKey, content, { correlationId, replyTo, messageId, contentType });
    } catch {
      // Its channel has ended, and so the broker forwards it.
    }
    this.letGo(hand);
  }

  private letGo(hand: Hand): void {
    acknowledge(hand.channel, hand.delivery);
    this.hands.delete(hand);
    this.keys.get(hand.key)?.left();
  }

  /** The channel is lost: nothing that came on it may begin any more. */
  private drop(): void {
    for (const hand of this.hands.waiting()) if (hand.channel !== this.channel?.current) this.takeBack(hand, "drop");
  }

  private takeBack(hand: Hand, fate: "forward" | "drop"): boolean {
    hand.fate = fate;
    return hand.ticket.withdraw?.() ?? false;
  }
}

function acknowledge(channel: Channel, delivery: ConsumeMessage): void {
  try {
    channel.ack(delivery);
  } catch {
    // The channel has ended: the broker has taken it back.
  }
}
