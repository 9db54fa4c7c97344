import { randomBytes } from "node:crypto";
import type { ConfirmChannel, Options } from "amqplib";
import { messageOf, WhiskError } from "../../../core/errors";
import type { AmqpSession, SessionConfirmChannel } from "../session";

export interface PublisherOptions {
  /** Milliseconds for the broker's confirmation. */
  limit: number;
  /** Bytes of messages that are not confirmed yet; what exceeds them is refused. */
  maxUnconfirmed: number;
  /** Declares what is published to. */
  setup(channel: ConfirmChannel): Promise<void>;
  /** What is told when the queue is full. */
  full: string;
}

/** Milliseconds that a message waits for a connection before it is refused: nothing has been sent then. */
const CONNECTION_LIMIT = 2_000;

/** Of amqplib; the other reason for a missing confirmation is the loss of the channel. */
const NACKED = "message nacked";

/** Puts messages durably into queues: sent is not enough, the broker has to confirm. */
export class Publisher {
  private readonly channel: SessionConfirmChannel;
  private readonly nonce = randomBytes(8).toString("hex");
  private count = 0;
  private unconfirmed = 0;
  /** Messages for which there is no queue: told before they are confirmed. */
  private readonly returned = new Set<unknown>();

  constructor(
    private readonly session: AmqpSession,
    private readonly options: PublisherOptions,
  ) {
    this.channel = session.confirmChannel(async (channel) => {
      this.returned.clear();
      channel.on("return", ({ properties }) => this.returned.add(properties.messageId));
      await options.setup(channel);
    });
  }

  get current(): ConfirmChannel | undefined {
    return this.channel.current;
  }

  /**
   * Resolves when the queue has it, durably.
   *
   * @param what names it in errors
   * @throws WhiskError 503 when it is not there, or not known to be
   */
  async publish(queue: string, content: Buffer, options: Options.Publish, what: string): Promise<void> {
    const { maxUnconfirmed } = this.options;
    if (this.unconfirmed + content.length > maxUnconfirmed) {
      throw new WhiskError(503, `Too much accepted work is on its way to the message broker (limit: ${maxUnconfirmed} bytes); try again later.`);
    }
    this.unconfirmed += content.length;
    try {
      await this.send(queue, content, options, what);
    } finally {
      this.unconfirmed -= content.length;
    }
  }

  close(): Promise<void> {
    return this.channel.close();
  }

  private async send(queue: string, content: Buffer, options: Options.Publish, what: string): Promise<void> {
    if (!this.channel.current) await this.session.whenUp(CONNECTION_LIMIT);
    if (this.session.isBlocked) {
      throw new WhiskError(503, `${what} was not accepted: the message broker at ${this.session.broker} lacks memory or disk space; try again later.`);
    }
    const { current } = this.channel;
    if (!current) throw new WhiskError(503, `${what} was not accepted: the message broker at ${this.session.broker} cannot be used; try again later.`);
    const messageId = `${this.nonce}-${++this.count}`;
    let failure: unknown;
    try {
      failure = await this.confirmed(current, queue, content, { ...options, messageId, persistent: true, mandatory: true });
    } catch (error) {
      throw new WhiskError(503, `${what} is not known to be accepted: ${messageOf(error)}.`);
    }
    if (this.returned.delete(messageId)) {
      throw new WhiskError(503, `${what} was not accepted: the message broker at ${this.session.broker} has no queue '${queue}'.`);
    }
    if (failure) throw new WhiskError(503, this.options.full);
  }

  /** @returns undefined when it is confirmed, an error when it is refused. @throws when neither is known */
  private confirmed(channel: ConfirmChannel, queue: string, content: Buffer, options: Options.Publish): Promise<Error | undefined> {
    const { broker } = this.session;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the message broker at ${broker} has not confirmed it within ${this.options.limit} ms`)),
        this.options.limit,
      );
      const answered = (error: Error | null) => {
        clearTimeout(timer);
        if (error && error.message !== NACKED) reject(new Error(`the connection to the message broker at ${broker} was lost before it was confirmed`));
        else resolve(error ?? undefined);
      };
      try {
        channel.sendToQueue(queue, content, options, answered);
      } catch (error) {
        answered(error as Error);
      }
    });
  }
}
