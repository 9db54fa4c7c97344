import type { Container } from "../../core/ports/containers";
import { ContainerClient } from "../containerClient";
import type { SharedOutput } from "../sharedOutput";
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
  /** Runs that one container may work on at a time. @default 1 */
  concurrency?: number;
}

/** How a container came to a run. */
export type StartKind = "warm" | "prewarmed" | "cold";

/** A container in the pool: of a key for ever, or still of none. */
export class Pooled {
  readonly client: ContainerClient;
  /** It has the code of its key. */
  initialized = false;
  /** Runs that it works on. */
  runs = 0;
  /** Runs that it may work on at a time. More than one only when its runtime has the code and takes them. */
  capacity = 1;
  /** Gets no further runs: it ends with the last that it has. */
  retired = false;
  /** Tells whose output is whose, if it works on several runs at a time. Set by who initialises it. */
  output: SharedOutput | undefined;
  queue: KeyQueue | undefined;
  /** When it became its key's. Milliseconds since 1970. */
  boundAt = 0;
  /** Since when nobody uses it. Milliseconds since 1970. */
  idleSince = 0;
  dead = false;
  private pausing: Promise<void> | undefined;
  private resuming: Promise<void> | undefined;
  private isLoading = false;

  constructor(
    readonly container: Container,
    readonly kind: string,
    /** MB. */
    readonly memory: number,
    /** It was started for an action that allows several runs at a time. */
    readonly forSeveral = false,
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

  /** For all who want it to go on: it is told once. */
  resume(): Promise<void> {
    this.resuming ??= this.goOn().finally(() => (this.resuming = undefined));
    return this.resuming;
  }

  /** Its first run initialises it, or does so no more. */
  loading(is: boolean): void {
    if (is === this.isLoading || !this.queue) return;
    this.isLoading = is;
    this.queue.loading += is ? 1 : -1;
  }

  get hasRoom(): boolean {
    return this.runs < this.capacity && !this.retired && !this.dead;
  }

  async destroy(): Promise<void> {
    this.dead = true;
    this.client.close();
    await this.container.destroy();
  }

  private async goOn(): Promise<void> {
    await this.pausing;
    await this.container.resume();
    this.pausing = undefined;
  }
}

/** A container on loan for one run. */
export interface Lease {
  readonly pooled: Pooled;
  readonly start: StartKind;
  /** It was given back; giving it back again does nothing. */
  returned?: boolean;
}
