import type { Clock } from "./alarm";
import type { Pooled } from "./pooled";
import type { KeyQueue, Queues } from "./queues";

export interface BindingsOptions {
  clock: Pick<Clock, "now">;
  queues: Queues;
  /** Told when a key gets a container of its own, or loses one: how many runs they may work on at a time now. */
  onBound?(key: string, slots: number): void;
}

/** Which containers are whose, and how many runs those of a key may work on. */
export class Bindings {
  constructor(private readonly options: BindingsOptions) {}

  /** Containers of a key, those that start for it included. */
  count(queue: KeyQueue, change: 1 | -1): void {
    queue.containers += change;
    queue.tenant.memory += change * queue.size;
    this.options.queues.drop(queue);
  }

  /** A container becomes a key's. */
  bind(pooled: Pooled, queue: KeyQueue): void {
    pooled.bind(queue, this.options.clock.now());
    this.addSlots(queue, pooled.capacity);
  }

  /** A container has got its code: it works on so many runs at a time from now on. */
  opened(pooled: Pooled, capacity: number): void {
    const queue = pooled.queue!;
    // What its runtime does not take needs containers of its own.
    queue.concurrency = capacity;
    if (capacity === pooled.capacity) return;
    this.addSlots(queue, capacity - pooled.capacity);
    pooled.capacity = capacity;
  }

  /** A container takes no further runs. */
  retire(pooled: Pooled): void {
    const queue = pooled.queue!;
    pooled.retired = true;
    queue.lastRetired = this.options.clock.now();
    queue.retiring++;
    queue.open.delete(pooled);
    this.addSlots(queue, -pooled.capacity);
  }

  /** A container is no more its key's. */
  unbind(pooled: Pooled, queue: KeyQueue): void {
    pooled.queue = undefined;
    queue.open.delete(pooled);
    if (pooled.retired) queue.retiring--;
    else this.addSlots(queue, -pooled.capacity);
    this.count(queue, -1);
  }

  private addSlots(queue: KeyQueue, change: number): void {
    queue.slots += change;
    this.options.onBound?.(queue.key, queue.slots);
  }
}
