import type { Channel, ConsumeMessage } from "amqplib";
import { messageOf, WhiskError } from "../../core/errors";
import type { AcceptedMessage } from "../../core/messages";
import type { Logger } from "../../core/owner/context";
import type { AcceptedLog } from "../../core/ports/lanes";
import { Dispatcher, type DispatcherOptions, type Handler } from "../dispatch";
import { encode } from "./accepted/codec";
import { Publisher } from "./accepted/publisher";
import { AcceptedQueues } from "./accepted/queues";
import { ShardConsumer } from "./accepted/shardConsumer";
import { backoff, pause } from "./backoff";
import type { AmqpSession } from "./session";
import { names, SHARDS, shardOf } from "./topology";

export interface AmqpAcceptedLogOptions extends DispatcherOptions {
  /** Of all names in the broker; those who share it share the log. */
  prefix: string;
  logger: Logger;
  /** Queues: a namespace has a fixed one of them. The same for all processes, always. @default 8 */
  shards?: number;
  /** Entries that wait, more or less; each queue takes its part. @default 100_000 */
  maxLength?: number;
  /** Bytes of the messages that wait; each queue takes its part. @default 4 GiB */
  maxBytes?: number;
  /**
   * Entries of one queue that this process has in hand, those included that wait for a handler. Their messages are in
   * memory: at the worst `prefetch * shards` times the largest payload. @default concurrency
   */
  prefetch?: number;
  /** Milliseconds for the broker to confirm an entry. @default 10_000 */
  confirmLimit?: number;
}

/** Bytes of messages that are not confirmed yet. */
const MAX_UNCONFIRMED = 64 * 1024 * 1024;

/** Milliseconds for the connection to come back. */
const CONNECTION_LIMIT = 2_000;

/** The accepted log of many processes, in quorum queues. All of them append, and all that consume share the work. */
export class AmqpAcceptedLog implements AcceptedLog {
  private readonly queues: AcceptedQueues;
  private readonly publisher: Publisher;
  private readonly dispatcher: Dispatcher;
  private readonly shards: number;
  private consumers: ShardConsumer[] = [];
  private readonly ending = new AbortController();

  /** The session may be not up yet. */
  constructor(
    private readonly session: AmqpSession,
    private readonly options: AmqpAcceptedLogOptions,
  ) {
    this.shards = options.shards ?? SHARDS;
    const maxLength = Math.ceil((options.maxLength ?? 100_000) / this.shards);
    const maxBytes = Math.ceil((options.maxBytes ?? 4 * 1024 ** 3) / this.shards);
    this.queues = new AcceptedQueues(options.prefix, this.shards, { maxLength, maxBytes }, options.logger);
    this.publisher = new Publisher(session, {
      limit: options.confirmLimit ?? 10_000,
      maxUnconfirmed: MAX_UNCONFIRMED,
      setup: (channel) => this.queues.declare(channel, session.serverVersion ?? ""),
      full: `Too much accepted work is waiting (limit: ${maxLength} invocations or ${maxBytes} bytes of the namespaces that share a queue); try again later.`,
    });
    this.dispatcher = new Dispatcher(options);
  }

  async append(message: AcceptedMessage): Promise<void> {
    if (this.dispatcher.isClosed) throw new WhiskError(503, "The platform is shutting down: no more work is accepted.");
    const { content, options } = encode(message);
    const queue = names.accepted(this.options.prefix, shardOf(message.identity.namespace, this.shards));
    const publishing = this.publisher.publish(queue, content, options, `Activation '${message.activationId}'`);
    this.dispatcher.track(publishing);
    await publishing;
  }

  async consume(handler: Handler): Promise<void> {
    this.dispatcher.start(handler);
    const prefetch = this.options.prefetch ?? this.options.concurrency ?? 64;
    this.consumers = this.queues.all.map(
      (queue) =>
        new ShardConsumer(this.session, {
          queue,
          prefetch,
          declare: (channel) => this.queues.declareOne(channel, this.session.serverVersion ?? "", queue),
          dispatch: (assignment) => this.dispatcher.add(assignment),
          putAside: (message, reason) => this.putAside(message, reason),
        }),
    );
  }

  /**
   * Entries that wait in the broker, and those that this process has in hand; not those that others have.
   *
   * @throws WhiskError 503 when the broker cannot be asked
   */
  async depth(): Promise<number> {
    if (this.consumers.length === 0) return Object.values(await this.depths()).reduce((sum, depth) => sum + depth, 0);
    const asked = this.consumers.map((consumer) => this.ask(consumer, (channel) => consumer.depth(channel)));
    return (await Promise.all(asked)).reduce((sum, depth) => sum + depth, 0);
  }

  /** Entries that wait in the broker, by queue. @throws WhiskError 503 when the broker cannot be asked */
  async depths(): Promise<Record<string, number>> {
    const asked = this.queues.all.map((queue) => this.ask(this.publisher, (channel) => channel.checkQueue(queue)));
    return Object.fromEntries((await Promise.all(asked)).map(({ queue, messageCount }) => [queue, messageCount]));
  }

  async close(): Promise<void> {
    const handled = this.dispatcher.close();
    this.ending.abort();
    await Promise.all(this.consumers.map((consumer) => consumer.cancel()));
    await handled;
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
    await this.publisher.close();
  }

  /** @throws WhiskError 503 when it has no channel, or no answer comes */
  private async ask<T>(whom: { readonly current: Channel | undefined }, question: (channel: Channel) => Promise<T>): Promise<T> {
    if (!whom.current) await this.session.whenUp(CONNECTION_LIMIT);
    try {
      if (!whom.current) throw new Error("the channel was lost");
      return await question(whom.current);
    } catch (error) {
      throw new WhiskError(503, `The message broker at ${this.session.broker} has not told the length of its queues.`, { cause: error });
    }
  }

  /** Resolves when the message is in the queue of those that cannot be read. Tried until then, or until the end. */
  private async putAside(message: ConsumeMessage, reason: string): Promise<void> {
    const queue = this.queues.rejected;
    // The request that it belongs to, as far as it says so.
    const { contentType, type, headers, correlationId: transactionId } = message.properties as ConsumeMessage["properties"] & { correlationId?: string };
    const options = { contentType, type, correlationId: transactionId, headers: { ...headers, "x-rejected": reason, "x-rejected-from": message.fields.routingKey } };
    for (let failures = 1; ; failures++) {
      try {
        await this.publisher.publish(queue, message.content, options, "A message that cannot be read");
        this.options.logger.error({ queue, reason, transactionId }, "a message of the accepted log cannot be read and was put aside");
        return;
      } catch (error) {
        this.options.logger.error({ queue, reason, transactionId, problem: messageOf(error) }, "a message of the accepted log cannot be read nor put aside");
      }
      await pause(backoff({ first: 1_000, most: 60_000 }, failures), this.ending.signal);
      if (this.ending.signal.aborted) throw new Error("the log was closed");
    }
  }
}
