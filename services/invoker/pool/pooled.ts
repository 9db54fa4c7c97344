import type { Container } from "../../core/ports/containers";
import { ContainerClient } from "../containerClient";

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

/** A container in the pool. */
export class Pooled {
  readonly client: ContainerClient;
  /** It has the code of its key. Set by who initialises it. */
  initialized = false;
  /** Absent while it waits, prewarmed, for the first. */
  key?: string;
  idleSince = 0;
  dead = false;

  constructor(
    readonly container: Container,
    readonly kind: string,
    readonly memory: number,
  ) {
    this.client = new ContainerClient(container.address);
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
