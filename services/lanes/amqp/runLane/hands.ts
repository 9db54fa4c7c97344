import type { Channel, ConsumeMessage } from "amqplib";
import { runKey, type RunMessage } from "../../../core/messages";
import type { RunTicket } from "../../../core/ports/lanes";
import { decodeRun } from "./codec";

/** A run that this invoker has taken and not answered. */
export interface Hand {
  message: RunMessage;
  key: string;
  /** Where its completion goes, and what ties it to the run there. */
  replyTo: string;
  id: string;
  ticket: RunTicket;
  /** It came from the queue of its key, not from a pending one. */
  direct: boolean;
  /** When it came. Milliseconds since 1970. */
  since: number;
  /** What it came with, on the channel on which alone it can be acknowledged. */
  delivery: ConsumeMessage;
  channel: Channel;
  /** What is to happen to it when it was taken back: another invoker gets it, or the broker has given it to one already. */
  fate?: "forward" | "drop";
}

export function handOf(channel: Channel, delivery: ConsumeMessage, direct: boolean, now: number): Hand {
  const { replyTo, correlationId } = delivery.properties as { replyTo: string; correlationId: string };
  const message = decodeRun(delivery.content);
  return { message, key: runKey(message), replyTo, id: correlationId, ticket: { started: false }, direct, since: now, delivery, channel };
}

/** All that an invoker has in hand. */
export class Hands {
  private readonly all = new Set<Hand>();
  private idle: (() => void)[] = [];
  /** By run key. */
  private readonly counts = new Map<string, number>();

  add(hand: Hand): void {
    this.all.add(hand);
    this.counts.set(hand.key, this.of(hand.key) + 1);
  }

  delete(hand: Hand): void {
    if (!this.all.delete(hand)) return;
    const left = this.of(hand.key) - 1;
    if (left > 0) this.counts.set(hand.key, left);
    else this.counts.delete(hand.key);
    if (this.all.size === 0) for (const done of this.idle.splice(0)) done();
  }

  of(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  get size(): number {
    return this.all.size;
  }

  [Symbol.iterator](): Iterator<Hand> {
    return this.all.values();
  }

  /** Those that wait for a container, oldest first. */
  waiting(): Hand[] {
    return [...this.all].filter(({ ticket }) => !ticket.started);
  }

  /** Queues for the completions of what is in hand. */
  owners(): Set<string> {
    return new Set([...this.all].map(({ replyTo }) => replyTo));
  }

  /** Correlation ids of what is in hand for one owner. */
  heldFor(replyTo: string): string[] {
    return [...this.all].filter((hand) => hand.replyTo === replyTo).map(({ id }) => id);
  }

  /** Resolves when there is nothing in hand. */
  empty(): Promise<void> {
    return this.all.size === 0 ? Promise.resolve() : new Promise((resolve) => this.idle.push(resolve));
  }
}
