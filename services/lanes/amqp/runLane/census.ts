import type { ConfirmChannel } from "amqplib";
import type { Logger } from "../../../core/owner/context";
import { encodeCensus } from "./codec";
import type { OutstandingRuns } from "./outstanding";
import { COMPLETIONS_EXPIRE, type RunLaneNames } from "./routes";

/** How long invokers have to come back after a restart of the broker and tell what they hold. Milliseconds. */
const GRACE = 8_000;
const LOST = "The run was lost: the message broker was restarted while it waited.";

/**
 * A restart of the broker takes all runs that wait in it. Those that invokers had taken go on: so after a restart
 * the invokers are asked what they hold, and tell it also when they come back themselves; the rest is given up.
 *
 * That it was restarted is told by a transient message in a durable queue: only a restart removes it.
 */
export class Census {
  private marked = false;
  private readonly held = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly names: RunLaneNames,
    private readonly replyTo: string,
    private readonly outstanding: OutstandingRuns,
    private readonly logger: Logger,
  ) {}

  /** Looks at the marker, and asks the invokers if it is gone. */
  async afterConnect(channel: ConfirmChannel, marker: string): Promise<void> {
    const { messageCount } = await channel.assertQueue(marker, { durable: true, expires: COMPLETIONS_EXPIRE });
    const restarted = this.marked && messageCount === 0;
    if (messageCount === 0) {
      channel.sendToQueue(marker, Buffer.from("here"), { persistent: false });
      await channel.waitForConfirms();
      this.marked = true;
    }
    if (restarted) this.begin(channel);
  }

  onHolding(ids: readonly string[]): void {
    for (const id of ids) if (this.outstanding.get(id)) this.held.add(id);
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private begin(channel: ConfirmChannel): void {
    const asked = new Set([...this.outstanding].map(({ id }) => id));
    this.logger.warn({ runs: asked.size }, "the message broker was restarted: asking the invokers which runs they hold");
    channel.publish(this.names.census, "", encodeCensus(this.replyTo));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.outstanding.lose(LOST, ({ id }) => asked.has(id) && !this.held.has(id));
      this.held.clear();
    }, GRACE);
  }
}
