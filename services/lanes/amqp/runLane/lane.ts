import type { ConfirmChannel, ConsumeMessage } from "amqplib";
import { WhiskError } from "../../../core/errors";
import { type Completion, runKey, type RunMessage } from "../../../core/messages";
import type { Logger } from "../../../core/owner/context";
import type { RunLane } from "../../../core/ports/lanes";
import type { AmqpSession, SessionConfirmChannel } from "../session";
import { BatchedAck } from "./batchedAck";
import { Census } from "./census";
import { decodeHolding, decodeReply, encodeRun, TYPE } from "./codec";
import { Orphans } from "./orphans";
import { type OutstandingRun, OutstandingRuns } from "./outstanding";
import { COMPLETIONS_EXPIRE, declareRunLane, RunLaneNames } from "./routes";

export interface AmqpRunLaneOptions {
  session: AmqpSession;
  /** Of all names on the broker. */
  prefix: string;
  /** This process. */
  instance: string;
  logger: Logger;
  /** Milliseconds that a run waits for a broker that is away before it is refused. @default 5000 */
  patience?: number;
  /** Milliseconds since 1970. */
  now?(): number;
}

const PATIENCE = 5_000;
/** How long after its limits a run may still wait, start and report before its completion counts as lost. Milliseconds. */
const DEADLINE_MARGIN = 60_000;
/** How often runs are looked for that have gone astray. Milliseconds. */
const LOOK = 500;
const CUT = "The connection to the message broker broke before it had the run.";

/**
 * The owner's end of the run lane. A run goes to the queue of its key, which the invokers that have warm containers of it
 * consume; without such a queue, to the pending queue of its namespace's shard. Completions come to a queue of this
 * process that outlives its connection.
 */
export class AmqpRunLane implements RunLane {
  private readonly names: RunLaneNames;
  private readonly channel: SessionConfirmChannel;
  private readonly outstanding = new OutstandingRuns();
  private readonly census: Census;
  private readonly orphans: Orphans;
  private readonly looking: NodeJS.Timeout;
  private readonly now: () => number;
  private readonly replyTo: string;
  private sent = 0;
  private closed = false;

  constructor(private readonly options: AmqpRunLaneOptions) {
    const { session, prefix, instance } = options;
    this.now = options.now ?? Date.now;
    this.names = new RunLaneNames(prefix);
    this.replyTo = this.names.completions(instance);
    this.census = new Census(this.names, this.replyTo, this.outstanding, options.logger);
    this.channel = session.confirmChannel((channel) => this.setUp(channel));
    this.orphans = new Orphans(session, this.names, this.outstanding, options.logger, this.now);
    session.onChange((up) => !up && this.cut());
    this.looking = setInterval(() => this.look(), LOOK).unref();
  }

  async run(message: RunMessage): Promise<Completion> {
    if (this.closed) throw new WhiskError(503, "The platform is shutting down: no more runs are taken.");
    const { session, patience = PATIENCE } = this.options;
    if (!this.channel.current) await session.whenUp(patience);
    if (session.isBlocked) throw new WhiskError(503, "The message broker takes no more work (it is short of memory or disk); try again later.");
    const channel = this.channel.current;
    if (!channel) throw new WhiskError(503, "The message broker is not ready; try again later.");
    return this.send(channel, message);
  }

  /** Runs of this process that have not come to their end. */
  get underWay(): number {
    return this.outstanding.size;
  }

  /** Runs of this process, so far, of which no outcome came. */
  get lost(): number {
    return this.outstanding.lost;
  }

  /** Runs that are under way come to their end. */
  async close(): Promise<void> {
    this.closed = true;
    await this.outstanding.drained();
    clearInterval(this.looking);
    this.census.close();
    await this.orphans.close();
    await this.remove();
    await this.channel.close();
  }

  private send(channel: ConfirmChannel, message: RunMessage): Promise<Completion> {
    return new Promise((resolve, reject) => {
      const now = this.now();
      const key = runKey(message);
      const id = `${message.activationId}/${message.attempt}/${++this.sent}`;
      const deadline = now + 2 * message.action.limits.timeout + DEADLINE_MARGIN;
      const run: OutstandingRun = { id, key, accepted: message.accepted, since: now, deadline, confirmed: false, resolve, reject };
      this.outstanding.add(run);
      try {
        const properties = { correlationId: id, replyTo: this.replyTo, messageId: message.transactionId, contentType: "application/json" };
        channel.publish(this.names.runs, this.names.route(key).routingKey, encodeRun(message), properties, (error) => this.onConfirm(run, error));
      } catch (error) {
        this.outstanding.fail(id, new WhiskError(503, "The message broker is not ready; try again later.", { cause: error }));
      }
    });
  }

  private onConfirm(run: OutstandingRun, error: unknown): void {
    if (!error) run.confirmed = true;
    // What the end of its channel left unconfirmed is `cut`'s.
    else if (error instanceof Error && /nacked/.test(error.message)) {
      this.outstanding.fail(run.id, new WhiskError(503, "System is overloaded, try again later: too many runs wait for a container."));
    }
  }

  private async setUp(channel: ConfirmChannel): Promise<void> {
    // The channel may have gone alone: what it had not confirmed went with it.
    this.cut();
    await declareRunLane(channel, this.names);
    await channel.assertQueue(this.replyTo, { durable: true, expires: COMPLETIONS_EXPIRE });
    const acks = new BatchedAck(channel);
    await channel.consume(this.replyTo, (delivery) => delivery && this.onReply(acks, delivery));
    await this.census.afterConnect(channel, this.names.marker(this.options.instance));
  }

  private onReply(acks: BatchedAck, delivery: ConsumeMessage): void {
    const { correlationId, type } = delivery.properties as { correlationId?: string; type?: string };
    if (type === TYPE.holding) this.census.onHolding(decodeHolding(delivery.content));
    else this.outstanding.settle(correlationId, decodeReply(delivery.content));
    acks.add(delivery);
  }

  /** Accepted work is offered again, which its claimed starts make safe; of the rest what the broker has is waited for. */
  private cut(): void {
    this.outstanding.lose(CUT, ({ accepted, confirmed }) => accepted || !confirmed);
  }

  private look(): void {
    const now = this.now();
    this.outstanding.lose("The run's completion did not come in time.", ({ deadline }) => deadline < now);
    this.orphans.look();
  }

  /** The queues of this process, which is not to come back. */
  private async remove(): Promise<void> {
    const channel = this.channel.current;
    if (!channel) return;
    try {
      await channel.deleteQueue(this.names.marker(this.options.instance));
      // The last one: it ends the consumer, and with that the channel.
      await channel.deleteQueue(this.replyTo);
    } catch {
      // They expire by themselves.
    }
  }
}
