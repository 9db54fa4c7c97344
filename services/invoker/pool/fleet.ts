import { messageOf } from "../../core/errors";
import type { Logger } from "../../core/owner/context";
import { type ContainerDriver, ContainerError } from "../../core/ports/containers";
import { type Demand, Pooled } from "./pooled";

export interface FleetOptions {
  driver: ContainerDriver;
  /** MB for all containers together. */
  memory: number;
  /** Environment of each container. */
  env(): Record<string, string>;
  logger: Logger;
}

/** By this runtimes made for OpenWhisk take several runs at a time. Ours are asked when they get their code. */
const SEVERAL = { __OW_ALLOW_CONCURRENT: "true" };

/** All containers there are, and the memory that they take: their beginning and their end. */
export class Fleet {
  private readonly all = new Set<Pooled>();
  private readonly leaving = new Set<Promise<void>>();
  private leavingMemory = 0;
  private readonly beginning = new Set<Promise<unknown>>();
  /** MB that is given away: to containers that are there, and to those that start. */
  used = 0;
  /** Containers that did not come up, so far. */
  failedStarts = 0;

  constructor(
    private readonly options: FleetOptions,
    /** A container ended by itself. */
    private readonly lost: (pooled: Pooled, reason: string) => void,
  ) {}

  get size(): number {
    return this.all.size;
  }

  get starting(): number {
    return this.beginning.size;
  }

  fits(memory: number): boolean {
    return this.used + memory <= this.options.memory;
  }

  /**
   * A new container. Its memory counts from now on.
   *
   * @throws ContainerError, and its memory is free again
   */
  start(wanted: Omit<Demand, "key" | "tenant">): Promise<Pooled> {
    this.used += wanted.memory;
    const work = this.create(wanted);
    const settled: Promise<unknown> = work.then(
      () => this.beginning.delete(settled),
      () => this.beginning.delete(settled),
    );
    this.beginning.add(settled);
    return work;
  }

  /** Ends a container; its memory is free for a next one, which starts when this one has ended. */
  end(pooled: Pooled): void {
    if (!this.all.delete(pooled)) return;
    this.used -= pooled.memory;
    this.leavingMemory += pooled.memory;
    const end: Promise<void> = pooled
      .destroy()
      .catch((error: unknown) => this.options.logger.error({ container: pooled.container.id, error: messageOf(error) }, "a container could not be ended"))
      .then(() => {
        this.leaving.delete(end);
        this.leavingMemory -= pooled.memory;
      });
    this.leaving.add(end);
  }

  async close(): Promise<void> {
    while (this.beginning.size > 0) await Promise.all(this.beginning);
    for (const pooled of [...this.all]) this.end(pooled);
    await Promise.all(this.leaving);
  }

  private async create({ name, kind, image, memory, concurrency = 1 }: Omit<Demand, "key" | "tenant">): Promise<Pooled> {
    try {
      // Those whose place it takes first have to be gone: the memory is the machine's, not only a number.
      if (this.used + this.leavingMemory > this.options.memory) await Promise.all(this.leaving);
      const forSeveral = concurrency > 1;
      const container = await this.options.driver.create({ name, kind, image, memory, env: { ...this.options.env(), ...(forSeveral && SEVERAL) } });
      const pooled = new Pooled(container, kind, memory, forSeveral);
      this.all.add(pooled);
      void container.gone.then((reason) => {
        if (!this.all.has(pooled)) return;
        this.lost(pooled, reason);
      });
      return pooled;
    } catch (error) {
      this.used -= memory;
      this.failedStarts++;
      throw error instanceof ContainerError ? error : new ContainerError(messageOf(error), { cause: error });
    }
  }
}
