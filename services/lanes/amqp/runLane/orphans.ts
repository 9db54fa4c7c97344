import { messageOf } from "../../../core/errors";
import type { Logger } from "../../../core/owner/context";
import type { AmqpSession, SessionChannel } from "../session";
import { askToServe } from "./adoption";
import type { OutstandingRuns } from "./outstanding";
import { keyQueueOptions, type RunLaneNames } from "./routes";

/** A run that takes longer makes its owner look whether its queue is served at all. Milliseconds. */
const SUSPICIOUS = 750;
/** How often one queue is looked at. Milliseconds. */
const AGAIN = 2_000;

/**
 * Finds queues whose consumers have all died: what is in them would wait for ever. An invoker is asked to serve such a
 * queue; it sees then, by the broker's mark, which of the runs had been in a dead one's hand.
 */
export class Orphans {
  private readonly channel: SessionChannel;
  private readonly lookedAt = new Map<string, number>();
  private looking = false;

  constructor(
    session: AmqpSession,
    private readonly names: RunLaneNames,
    private readonly outstanding: OutstandingRuns,
    private readonly logger: Logger,
    private readonly now: () => number,
  ) {
    this.channel = session.channel(async () => {});
  }

  look(): void {
    const now = this.now();
    for (const [key, at] of this.lookedAt) if (now - at > AGAIN) this.lookedAt.delete(key);
    const keys = new Set<string>();
    for (const { key, since } of this.outstanding) if (now - since > SUSPICIOUS && !this.lookedAt.has(key)) keys.add(key);
    if (keys.size === 0 || this.looking) return;
    this.looking = true;
    void this.lookAt(keys).finally(() => (this.looking = false));
  }

  close(): Promise<void> {
    return this.channel.close();
  }

  private async lookAt(keys: Set<string>): Promise<void> {
    for (const key of keys) {
      this.lookedAt.set(key, this.now());
      const channel = this.channel.current;
      if (!channel) return;
      try {
        // Declared rather than looked for: to ask for a queue that is not there ends the channel.
        const { messageCount, consumerCount } = await channel.assertQueue(this.names.route(key).queue, keyQueueOptions);
        if (messageCount === 0 || consumerCount > 0) continue;
        this.logger.warn({ key, runs: messageCount }, "nobody serves the queue of an action any more: an invoker is asked to");
        askToServe(channel, this.names, key);
      } catch (error) {
        this.logger.warn({ key, error: messageOf(error) }, "the queue of an action could not be looked at");
        return;
      }
    }
  }
}
