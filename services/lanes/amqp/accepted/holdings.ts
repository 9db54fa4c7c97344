import { randomUUID } from "node:crypto";
import type { Channel, ConsumeMessage } from "amqplib";
import type { AcceptedMessage } from "../../../core/messages";
import type { Assignment } from "../../dispatch";
import { decode, namespaceOf } from "./codec";

/** How a message came: it can be acknowledged on that channel only. */
interface Delivery {
  channel: Channel;
  message: ConsumeMessage;
}

export interface HoldingsOptions {
  /** A new entry has come. */
  dispatch(assignment: Assignment): void;
  /** Nobody can read it; resolves when it is kept elsewhere, rejects at the end only. */
  putAside(message: ConsumeMessage, reason: string): Promise<void>;
}

/**
 * The entries that this process has in hand. When a channel is lost, the broker delivers its entries again, here or
 * elsewhere: one whose handler still works here is tied to that handler and acknowledged when it ends, not handed out twice.
 */
export class Holdings {
  private readonly held = new Map<string, Held>();
  private channel?: Channel;
  private closing = false;
  /** Entries that have been acknowledged. */
  acknowledged = 0;

  constructor(private readonly options: HoldingsOptions) {}

  /** Entries that the broker counts as delivered to this process. */
  get size(): number {
    let size = 0;
    for (const { delivery } of this.held.values()) if (delivery) size++;
    return size;
  }

  /** From now on entries come on this channel; those of the one before are the broker's again. */
  move(channel: Channel): void {
    this.channel = channel;
    for (const [id, held] of this.held) {
      // Done before the last loss, and not come back here since: somebody else has it.
      if (held.state === "done" && !held.delivery) this.held.delete(id);
      held.delivery = undefined;
    }
  }

  receive(channel: Channel, message: ConsumeMessage): void {
    if (channel !== this.channel) return;
    const id = typeof message.properties.messageId === "string" ? message.properties.messageId : randomUUID();
    const known = this.held.get(id);
    const held = known ?? new Held(id, namespaceOf(message), this);
    held.delivery = { channel, message };
    if (known?.state === "done") this.release(known);
    if (known) return;
    this.held.set(id, held);
    this.options.dispatch(held);
  }

  /** What no handler works on goes back to the queues, for other processes: now, and what is rejected from now on. */
  close(): void {
    this.closing = true;
    for (const held of this.held.values()) if (held.state === "waiting") this.giveBack(held);
  }

  /** Its handler has rejected. */
  wait(held: Held): void {
    held.state = "waiting";
    if (this.closing) this.giveBack(held);
  }

  /** It is done: acknowledged now, or when it comes again. */
  release(held: Held): void {
    held.state = "done";
    const { delivery } = held;
    if (!delivery || !attempt(() => delivery.channel.ack(delivery.message))) return;
    this.acknowledged++;
    this.held.delete(held.id);
  }

  /** It is not this process's any more. */
  drop(held: Held): void {
    this.held.delete(held.id);
  }

  private giveBack({ id, delivery }: Held): void {
    this.held.delete(id);
    if (delivery) attempt(() => delivery.channel.nack(delivery.message, false, true));
  }

  /** Never rejects. */
  async putAside(held: Held, { message }: Delivery, reason: string): Promise<void> {
    try {
      await this.options.putAside(message, reason);
      this.release(held);
    } catch {
      this.wait(held);
    }
  }
}

class Held implements Assignment {
  /** `done`, and still held: its acknowledgement has not reached the broker. */
  state: "waiting" | "working" | "done" = "waiting";
  /** Undefined when its channel was lost: the broker has it, and will deliver it again. */
  delivery?: Delivery;

  constructor(
    readonly id: string,
    readonly namespace: string,
    private readonly holdings: Holdings,
  ) {}

  get redelivered(): boolean {
    return this.delivery?.message.fields.redelivered ?? true;
  }

  take(): AcceptedMessage | undefined {
    const { delivery } = this;
    if (!delivery) return void this.holdings.drop(this);
    this.state = "working";
    const read = decode(delivery.message);
    if ("message" in read) return read.message;
    void this.holdings.putAside(this, delivery, read.problem);
    return undefined;
  }

  async done(): Promise<void> {
    this.holdings.release(this);
  }

  again(): void {
    this.holdings.wait(this);
  }
}

/** @returns false when the channel is closed */
function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
