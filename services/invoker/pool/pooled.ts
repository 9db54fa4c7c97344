import type { Container } from "../../core/ports/containers";
import { ContainerClient } from "../containerClient";
import type { KeyQueue } from "./queues";

/** What a run asks of a container. */
export interface Demand {
  /** Who may share a container: invoking namespace and action revision. */
  key: string;
  /** The invoking namespace: shares are fair between these first. */
  tenant: string;
  /** For people: shows in process lists. */
  name: string;
  kind: string;
  image?: string;
  /** MB. */
  memory: number;
}

/** How a container came to a run. */
export type StartKind = "warm" | "prewarmed" | "cold";

/** A container in the pool: of a key for ever, or still of none. */
export class Pooled {
  readonly client: ContainerClient;
  /** It has the code of its key. Set by who initialises it. */
  initialized = false;
  queue: KeyQueue | undefined;
  /** When it became its key's. Milliseconds since 1970. */
  boundAt = 0;
  /** Since when nobody uses it. Milliseconds since 1970. */
  idleSince = 0;
  dead = false;
  private pausing: Promise<void> | undefined;

  constructor(
    readonly container: Container,
    readonly kind: string,
    /** MB. */
    readonly memory: number,
  ) {
    this.client = new ContainerClient(container.address);
  }

  bind(queue: KeyQueue, now: number): void {
    this.queue = queue;
    this.boundAt = now;
  }

  get paused(): boolean {
    return this.pausing !== undefined;
  }

  pause(): void {
    this.pausing = this.container.pause();
    // Who resumes it hears of a failure.
    this.pausing.catch(() => undefined);
  }

  async resume(): Promise<void> {
    await this.pausing;
    await this.container.resume();
    this.pausing = undefined;
  }

  async destroy(): Promise<void> {
    this.dead = true;
    this.client.close();
    await this.container.destroy();
  }
}

/** A container on loan for one run. */
export interface Lease {
  readonly pooled: Pooled;
  readonly start: StartKind;
  /** It was given back; giving it back again does nothing. */
  returned?: boolean;
}
