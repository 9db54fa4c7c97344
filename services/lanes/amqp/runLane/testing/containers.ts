import { RunWithdrawnError } from "../../../../core/errors";
import { type Completion, runKey, type RunMessage } from "../../../../core/messages";
import type { Capacity, Runner, RunTicket } from "../../../../core/ports/lanes";

/** Containers that are numbers: an invoker's runner and what it tells of its containers, for tests of the lane. */
export class FakeContainers implements Runner, Capacity {
  private readonly bound = new Map<string, number>();
  private readonly busy = new Map<string, number>();
  private waiting: { key: string; start: () => void }[] = [];
  /** Runs that came to it so far. */
  taken = 0;
  private listener: (key: string, containers: number) => void = () => {};

  /**
   * @param slots containers that fit
   * @param work what a run does
   */
  constructor(
    private readonly slots: number,
    private readonly work: Runner["run"],
  ) {}

  freeMemory(): number {
    return (this.slots - this.used) * 256;
  }

  onBound(listener: (key: string, containers: number) => void): void {
    this.listener = listener;
  }

  get used(): number {
    return [...this.bound.values()].reduce((sum, count) => sum + count, 0);
  }

  async run(message: RunMessage, ticket: RunTicket = { started: false }): Promise<Completion> {
    const key = runKey(message);
    this.taken++;
    if (!this.begin(key)) {
      await new Promise<void>((resolve, reject) => {
        const waiter = { key, start: resolve };
        this.waiting.push(waiter);
        ticket.withdraw = () => {
          if (!this.waiting.includes(waiter)) return false;
          this.waiting = this.waiting.filter((one) => one !== waiter);
          reject(new RunWithdrawnError());
          return true;
        };
      });
    }
    ticket.started = true;
    try {
      return await this.work(message, ticket);
    } finally {
      this.busy.set(key, this.busy.get(key)! - 1);
      this.startWaiting();
    }
  }

  /** Ends the idle containers of all keys. */
  expire(): void {
    for (const [key, count] of this.bound) this.bind(key, this.busy.get(key)! - count);
    this.startWaiting();
  }

  private begin(key: string): boolean {
    const busy = this.busy.get(key) ?? 0;
    if (busy >= (this.bound.get(key) ?? 0)) {
      if (this.used >= this.slots && !this.evict()) return false;
      this.bind(key, 1);
    }
    this.busy.set(key, busy + 1);
    return true;
  }

  /** Ends a container that nobody uses. */
  private evict(): boolean {
    for (const [key, count] of this.bound) {
      if (this.busy.get(key)! >= count) continue;
      this.bind(key, -1);
      return true;
    }
    return false;
  }

  private bind(key: string, change: number): void {
    const containers = (this.bound.get(key) ?? 0) + change;
    this.bound.set(key, containers);
    if (!this.busy.has(key)) this.busy.set(key, 0);
    if (change !== 0) this.listener(key, containers);
  }

  private startWaiting(): void {
    this.waiting = this.waiting.filter(({ key, start }) => {
      if (!this.begin(key)) return true;
      start();
      return false;
    });
  }
}
