import type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage } from "amqplib";
import { messageOf } from "../../core/errors";
import type { Logger } from "../../core/owner/context";
import { backoff, type BackoffRange, pause } from "./backoff";

/** A channel that is made anew after every loss. */
export interface SessionChannel<C extends Channel = Channel> {
  /**
   * Undefined while there is none. What was delivered on a channel can be acknowledged on that one only: a consumer
   * keeps the channel that its `setup` was given.
   */
  readonly current: C | undefined;
  /** Consumers end, and what they did not acknowledge goes back to its queue. */
  close(): Promise<void>;
}

export type SessionConfirmChannel = SessionChannel<ConfirmChannel>;

export interface ChannelPlan<C extends Channel> {
  open(connection: ChannelModel): Promise<C>;
  setup(channel: C): Promise<void>;
  /** Messages without an acknowledgement, for each consumer. @default no bound */
  prefetch?: number;
}

export interface ChannelSurroundings {
  logger: Logger;
  range: BackoffRange;
  /** Told when the channel has come, or cannot. */
  changed(problem?: string): void;
}

/** Milliseconds that an orderly end may take. */
const PATIENCE = 1_000;

/** Milliseconds for a setup: a queue without a leader does not answer. */
const SETUP_LIMIT = 20_000;

/** Makes one channel of the plan on whatever connection there is, again and again. */
export class RenewedChannel<C extends Channel> implements SessionChannel<C> {
  current: C | undefined;
  /** Ends the tries on a connection that is lost, or all of them. */
  private attached?: AbortController;
  private kept?: Promise<void>;

  constructor(
    private readonly plan: ChannelPlan<C>,
    private readonly around: ChannelSurroundings,
    private readonly forget: () => void,
  ) {}

  attach(connection: ChannelModel): void {
    this.detach();
    this.attached = new AbortController();
    this.kept = this.keep(connection, this.attached.signal);
  }

  detach(): void {
    this.attached?.abort();
    this.attached = undefined;
    this.current = undefined;
  }

  async close(): Promise<void> {
    this.forget();
    this.detach();
    const late = new AbortController();
    await Promise.race([this.kept, pause(2 * PATIENCE, late.signal)]);
    late.abort();
  }

  private async keep(connection: ChannelModel, signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const begun = Date.now();
      const problem = await this.live(connection, signal);
      if (signal.aborted) return;
      // One that is closed as soon as it is there is a failure as well.
      failures = Date.now() - begun > this.around.range.most ? 1 : failures + 1;
      const wait = backoff(this.around.range, failures);
      this.around.logger.warn({ problem, failures, wait: Math.round(wait) }, "a channel to the broker is made anew");
      this.around.changed(problem);
      await pause(wait, signal);
    }
  }

  /** From its making to its end. @returns why it ended */
  private async live(connection: ChannelModel, signal: AbortSignal): Promise<string> {
    let channel: C | undefined;
    try {
      channel = await this.plan.open(connection);
      const ended = Promise.race([this.watch(channel), aborted(signal)]);
      const early = await Promise.race([ended, this.prepare(channel)]);
      if (early !== undefined) return early;
      this.current = channel;
      this.around.changed();
      return await ended;
    } catch (error) {
      return messageOf(error);
    } finally {
      if (this.current === channel) this.current = undefined;
      // What was acknowledged on it arrives before this ends.
      if (channel) await closed(channel);
    }
  }

  private async prepare(channel: C): Promise<void> {
    const { prefetch, setup } = this.plan;
    const done = new AbortController();
    const late = pause(SETUP_LIMIT, done.signal).then(() => {
      if (!done.signal.aborted) throw new Error(`it was not set up within ${SETUP_LIMIT} ms`);
    });
    try {
      if (prefetch !== undefined) await Promise.race([late, channel.prefetch(prefetch)]);
      await Promise.race([late, setup(channel)]);
    } finally {
      done.abort();
    }
  }

  /** Gives every event a listener, for an 'error' without one would end the process. @returns why the channel ended */
  private watch(channel: C): Promise<string> {
    let problem = "closed";
    channel.on("error", (error) => (problem = error.message));
    channel.on("handler-error", (error, event) => this.fault(error, event));
    const consume = channel.consume.bind(channel);
    channel.consume = (queue, onMessage, options) => {
      const receive = async (message: ConsumeMessage | null) => {
        if (message) return onMessage(message);
        // The broker has cancelled the consumer: its queue was removed or has lost its node.
        problem = `the consumer of '${queue}' was cancelled`;
        await closed(channel);
      };
      return consume(queue, (message) => void receive(message).catch((error: unknown) => this.fault(error, "delivery")), options);
    };
    return new Promise((resolve) => channel.once("close", () => resolve(problem)));
  }

  private fault(error: unknown, event: string): void {
    this.around.logger.error({ error: messageOf(error), stack: error instanceof Error ? error.stack : undefined, event }, "a listener on a channel has failed");
  }
}

function aborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const tell = () => resolve("it is no longer wanted");
    if (signal.aborted) tell();
    else signal.addEventListener("abort", tell, { once: true });
  });
}

/** Closes it in order, as far as the broker answers in time. Never rejects. */
async function closed(channel: Channel): Promise<void> {
  const late = new AbortController();
  // Its own promise stays open when the connection breaks meanwhile; the event comes in any case.
  const end = new Promise<void>((resolve) => channel.once("close", resolve));
  channel.close().catch(() => late.abort());
  await Promise.race([end, pause(PATIENCE, late.signal)]);
  late.abort();
}
