import { type MongoClient, type TopologyDescription, type TopologyDescriptionChangedEvent, TopologyType } from "mongodb";
import type { WhiskError } from "../../core/errors";
import { asking, unanswered } from "./errors";

/**
 * Ends the wait of whoever asks a database that is away. The driver by itself may go on for longer: an exchange that it tries
 * anew just as it notices that the server is cut off first waits for a connection, then for a server.
 */
export class Reach {
  private readonly waiting = new Set<(reason: WhiskError) => void>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    client: Pick<MongoClient, "on">,
    /** How long after it was noticed that no server answers those who wait are let go. Milliseconds. */
    private readonly patience: number,
  ) {
    client.on("topologyDescriptionChanged", ({ newDescription }: TopologyDescriptionChangedEvent) => this.changed(isUsable(newDescription)));
  }

  /**
   * Runs one exchange with the database.
   *
   * @throws WhiskError 503 when the database could not be reached or did not answer in time: what was asked may be done or not
   */
  ask<T>(exchange: () => Promise<T>): Promise<T> {
    return asking(() => this.waitFor(exchange()));
  }

  /** As {@link ask}, but what the driver throws comes as it is. */
  async waitFor<T>(exchange: Promise<T>): Promise<T> {
    let letGo!: (reason: WhiskError) => void;
    const away = new Promise<never>((_resolve, reject) => (letGo = reject));
    this.waiting.add(letGo);
    try {
      return await Promise.race([exchange, away]);
    } finally {
      this.waiting.delete(letGo);
    }
  }

  private changed(usable: boolean): void {
    if (usable) {
      clearTimeout(this.timer);
      this.timer = undefined;
    } else {
      this.timer ??= setTimeout(() => this.letAllGo(), this.patience).unref();
    }
  }

  private letAllGo(): void {
    this.timer = undefined;
    for (const letGo of this.waiting) letGo(unanswered(new Error("no server has answered for some time")));
  }
}

/** Whether there is a server that writes. */
function isUsable({ type, servers }: TopologyDescription): boolean {
  const direct = type === TopologyType.Single;
  return [...servers.values()].some((server) => (direct ? server.type !== "Unknown" : server.isWritable));
}
