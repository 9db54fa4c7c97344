import type { ConfirmChannel } from "amqplib";
import { messageOf } from "../../core/errors";
import type { Logger } from "../../core/owner/context";
import type { Notice, Notices } from "../../core/ports/lanes";
import type { AmqpSession, SessionConfirmChannel } from "./session";
import { names } from "./topology";

export interface AmqpNoticesOptions {
  /** Of all names in the broker: those who share it hear each other. */
  prefix: string;
  logger: Logger;
}

type Listener = (notice: Notice | undefined) => void;

/** What is to be said; without a notice: anything may have changed. */
interface Saying {
  notice?: Notice;
}

/** Notices that are kept while there is no connection. */
const MOST_UNSENT = 1_000;

/** Notices by a fan-out exchange: each process has a queue of its own, which goes with its connection. */
export class AmqpNotices implements Notices {
  private readonly exchange: string;
  private readonly channel: SessionConfirmChannel;
  private readonly listeners = new Set<Listener>();
  /** Not confirmed by the broker, so perhaps lost with the connection: said again on the next. */
  private readonly unconfirmed = new Set<Saying>();

  constructor(
    session: AmqpSession,
    private readonly options: AmqpNoticesOptions,
  ) {
    this.exchange = names.notices(options.prefix);
    let before = false;
    this.channel = session.confirmChannel(async (channel) => {
      await channel.assertExchange(this.exchange, "fanout", { durable: true });
      const { queue } = await channel.assertQueue("", { exclusive: true, autoDelete: true });
      await channel.bindQueue(queue, this.exchange, "");
      await channel.consume(queue, (message) => message && this.tell(read(message.content)), { noAck: true });
      for (const saying of this.unconfirmed) this.send(channel, saying);
      // Between the queue before and this one nobody listened.
      if (before) this.tell(undefined);
      before = true;
    });
  }

  /** Sent at once, or as soon as there is a connection. The sender hears it with the others. */
  publish(notice: Notice): void {
    const room = this.unconfirmed.size < MOST_UNSENT;
    if (!room) this.unconfirmed.clear();
    const saying = room ? { notice } : {};
    this.unconfirmed.add(saying);
    if (this.channel.current) this.send(this.channel.current, saying);
  }

  subscribe(listener: Listener): void {
    this.listeners.add(listener);
  }

  close(): Promise<void> {
    return this.channel.close();
  }

  private send(channel: ConfirmChannel, saying: Saying): void {
    try {
      channel.publish(this.exchange, "", Buffer.from(JSON.stringify(saying)), {}, (error: unknown) => {
        if (!error) this.unconfirmed.delete(saying);
      });
    } catch {
      // The channel has just closed: the next one sends it.
    }
  }

  private tell(notice: Notice | undefined): void {
    for (const listener of this.listeners) {
      try {
        listener(notice);
      } catch (error) {
        this.options.logger.error({ error: messageOf(error), notice }, "a listener to notices has failed");
      }
    }
  }
}

/** What cannot be read was told by another version of the platform: something has changed. */
function read(content: Buffer): Notice | undefined {
  try {
    const { kind, key, name } = Object((JSON.parse(content.toString()) as Saying | null)?.notice) as Record<string, unknown>;
    if (kind === "entity" && typeof key === "string") return { kind, key };
    if (kind === "namespace" && typeof name === "string") return { kind, name };
  } catch {
    // Not even JSON.
  }
  return undefined;
}
