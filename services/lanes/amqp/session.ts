import { type Channel, type ChannelModel, type ConfirmChannel, connect } from "amqplib";
import { messageOf, WhiskError } from "../../core/errors";
import type { Logger } from "../../core/owner/context";
import { type BrokerAddress, brokerAddress } from "./address";
import { backoff, type BackoffRange, pause } from "./backoff";
import { type ChannelPlan, RenewedChannel, type SessionChannel, type SessionConfirmChannel } from "./sessionChannel";

export type { SessionChannel, SessionConfirmChannel } from "./sessionChannel";

export interface AmqpSessionOptions {
  /** `amqp://user:password@host:port/vhost`, or amqps */
  url: string;
  /** Shown in the broker's list of connections. */
  name: string;
  logger: Logger;
  /** Seconds; the loss of the other side is noticed after two to three of them. @default 5 */
  heartbeat?: number;
  /** Between tries to connect, and to make a channel. @default 100 to 5000 ms */
  backoff?: BackoffRange;
}

export interface ChannelOptions {
  /** Messages without an acknowledgement, for each consumer. @default no bound */
  prefetch?: number;
}

/** Milliseconds for the connection to come about, and for its orderly end. */
const CONNECT_LIMIT = 5_000;
const CLOSE_LIMIT = 1_000;

/**
 * One connection to the broker for the whole life of a process: it is made again after every loss, with all channels and
 * what their setups declare and consume. amqplib's own recovery brings back the connection only, without its channels.
 */
export class AmqpSession {
  private readonly address: BrokerAddress;
  private readonly range: BackoffRange;
  private readonly channels = new Set<RenewedChannel<Channel> | RenewedChannel<ConfirmChannel>>();
  private readonly listeners = new Set<(up: boolean) => void>();
  private readonly waiting = new Set<() => void>();
  private readonly ending = new AbortController();
  private readonly ended: Promise<void>;
  private connection?: ChannelModel;
  /** Aborted, it takes the socket of the connection away at once. */
  private socket = new AbortController();
  private up = false;
  private blocked = false;
  private problem = "not connected yet";

  /** Begins to connect at once. @throws Error when the URL is none: a broker that is away is no error */
  constructor(private readonly options: AmqpSessionOptions) {
    this.address = brokerAddress(options.url, options.heartbeat ?? 5);
    this.range = options.backoff ?? { first: 100, most: 5_000 };
    this.ended = this.keepConnected();
  }

  /** Connected, and all channels that there were at the connection's beginning have been set up on it. */
  get isUp(): boolean {
    return this.up;
  }

  /** The broker takes no messages: it lacks memory or disk space. */
  get isBlocked(): boolean {
    return this.blocked;
  }

  /** `host:port` */
  get broker(): string {
    return this.address.name;
  }

  /** Version of the broker that it is connected to. */
  get serverVersion(): string | undefined {
    return this.connection?.connection.serverProperties.version;
  }

  /**
   * A channel that is made anew after every loss, also when only the channel is lost.
   *
   * @param setup declares, binds and consumes on each new one; tried again after a pause when it fails. What a consumer
   * throws is logged. A consumer that the broker cancels (never called with null here) makes the channel anew
   */
  channel(setup: (channel: Channel) => Promise<void>, options: ChannelOptions = {}): SessionChannel {
    return this.add<Channel>({ open: (connection) => connection.createChannel(), setup, ...options });
  }

  /** The same with publisher confirms. */
  confirmChannel(setup: (channel: ConfirmChannel) => Promise<void>, options: ChannelOptions = {}): SessionConfirmChannel {
    return this.add<ConfirmChannel>({ open: (connection) => connection.createConfirmChannel(), setup, ...options });
  }

  /**
   * True after all channels were set up again, false at the loss of the connection; the loss of a channel alone is not
   * told. @returns what ends the listening
   */
  onChange(listener: (up: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Resolves when it is connected and all channels are there.
   *
   * @param limit milliseconds
   * @throws WhiskError 503 that names the broker when it takes longer
   */
  whenUp(limit: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const gone = this.ending.signal.aborted;
        if (!gone && !this.isComplete()) return;
        clearTimeout(timer);
        this.waiting.delete(check);
        if (gone) reject(new WhiskError(503, `The connection to the message broker at ${this.broker} was closed.`));
        else resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.delete(check);
        reject(new WhiskError(503, `The message broker at ${this.broker} cannot be used (${this.problem}); waited ${limit} ms.`));
      }, limit);
      this.waiting.add(check);
      check();
    });
  }

  /** Channels first, so that their last acknowledgements arrive. Ends soon also while the broker is away. */
  async close(): Promise<void> {
    this.ending.abort();
    this.settle();
    await Promise.all([...this.channels].map((channel) => channel.close()));
    const closing = this.connection?.close().catch(() => {});
    if (closing) await Promise.race([closing, pause(CLOSE_LIMIT, this.socket.signal)]);
    this.socket.abort();
    await this.ended;
  }

  private add<C extends Channel>(plan: ChannelPlan<C>): RenewedChannel<C> {
    const around = {
      logger: this.options.logger,
      range: this.range,
      changed: (problem?: string) => {
        if (problem !== undefined) this.problem = problem;
        this.settle();
      },
    };
    const channel: RenewedChannel<C> = new RenewedChannel(plan, around, () => this.channels.delete(channel as RenewedChannel<Channel>));
    this.channels.add(channel as RenewedChannel<Channel>);
    if (this.connection) channel.attach(this.connection);
    return channel;
  }

  private async keepConnected(): Promise<void> {
    const { signal } = this.ending;
    for (let failures = 0; !signal.aborted; ) {
      this.socket = new AbortController();
      try {
        const connection = await this.connect();
        failures = 0;
        this.problem = await this.live(connection);
      } catch (error) {
        this.problem = messageOf(error);
      }
      // Also half of a connection keeps a process alive.
      this.socket.abort();
      if (signal.aborted) return;
      const wait = backoff(this.range, ++failures);
      this.options.logger.warn({ broker: this.broker, problem: this.problem, wait: Math.round(wait) }, "no connection to the broker");
      await pause(wait, signal);
    }
  }

  private connect(): Promise<ChannelModel> {
    // A lone request waits for delayed acknowledgements of TCP otherwise: 25 to 40 ms.
    const socket = { noDelay: true, timeout: CONNECT_LIMIT, signal: this.socket.signal, clientProperties: { connection_name: this.options.name } };
    return connect(this.address.url, socket);
  }

  /** From the connection's beginning to its end. @returns why it ended */
  private async live(connection: ChannelModel): Promise<string> {
    const ended = new Promise<string>((resolve) => connection.once("close", (error) => resolve(error ? messageOf(error) : "closed")));
    // What it says is said again by 'close'.
    connection.on("error", () => {});
    connection.on("blocked", (reason) => {
      this.blocked = true;
      this.options.logger.warn({ broker: this.broker, reason }, "the broker takes no messages");
    });
    connection.on("unblocked", () => (this.blocked = false));
    this.connection = connection;
    for (const channel of this.channels) channel.attach(connection);
    this.settle();
    const reason = await ended;
    this.connection = undefined;
    this.blocked = false;
    for (const channel of this.channels) channel.detach();
    this.announce(false);
    return reason;
  }

  private isComplete(): boolean {
    return this.connection !== undefined && [...this.channels].every(({ current }) => current !== undefined);
  }

  private settle(): void {
    if (this.isComplete() && !this.ending.signal.aborted) this.announce(true);
    for (const check of [...this.waiting]) check();
  }

  private announce(up: boolean): void {
    if (this.up === up) return;
    this.up = up;
    this.options.logger.info({ broker: this.broker, up, version: this.serverVersion }, up ? "connected to the broker" : "lost the broker");
    for (const listener of [...this.listeners]) {
      try {
        listener(up);
      } catch (error) {
        this.options.logger.error({ error: messageOf(error) }, "a listener to the broker's coming and going has failed");
      }
    }
  }
}
