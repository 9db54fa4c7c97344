import { type Container, type ContainerDriver, ContainerError, type ContainerSpec } from "../../core/ports/containers";

/** A container that only says what was done to it. */
export class FakeContainer implements Container {
  readonly address = { socketPath: "/nowhere" };
  readonly gone: Promise<string>;
  state: "running" | "paused" | "gone" = "running";
  failsToResume = false;
  private end!: (reason: string) => void;

  constructor(
    readonly id: string,
    readonly spec: ContainerSpec,
  ) {
    this.gone = new Promise((resolve) => (this.end = resolve));
  }

  onLog(): void {}

  async pause(): Promise<void> {
    this.state = "paused";
  }

  async resume(): Promise<void> {
    if (this.failsToResume) throw new Error("it does not wake up");
    this.state = "running";
  }

  async destroy(): Promise<void> {
    this.die("was destroyed");
  }

  die(reason = "crashed"): void {
    this.state = "gone";
    this.end(reason);
  }
}

/** Starts containers at once, or, while `held`, when told to. */
export class FakeDriver implements ContainerDriver {
  readonly containers: FakeContainer[] = [];
  held = false;
  fails = false;
  private readonly starting: (() => void)[] = [];
  /** Most containers that were starting at the same time. */
  mostStarting = 0;

  unavailable(): undefined {
    return undefined;
  }

  async create(spec: ContainerSpec): Promise<Container> {
    if (this.held) {
      const started = new Promise<void>((resolve) => this.starting.push(resolve));
      this.mostStarting = Math.max(this.mostStarting, this.starting.length);
      await started;
    }
    if (this.fails) throw new ContainerError("no room on the disk");
    const container = new FakeContainer(String(this.containers.length + 1), spec);
    this.containers.push(container);
    return container;
  }

  get pending(): number {
    return this.starting.length;
  }

  /** Finishes the start that has waited longest. */
  finishStart(): void {
    this.starting.shift()!();
  }

  get alive(): FakeContainer[] {
    return this.containers.filter(({ state }) => state !== "gone");
  }

  async reap(): Promise<void> {}
  async close(): Promise<void> {}
}
