import { WhiskError } from "../../core/errors";
import type { PoolOptions } from "./options";
import type { Demand } from "./pooled";
import type { Tenant } from "./queues";

const MAX_WAITING = 20_000;

/** Which runs may wait for a container. */
export class Admission {
  private readonly maxWaiting: number;
  private readonly maxOfTenant: number;
  private readonly memory: number;

  constructor({ memory, maxWaiting = MAX_WAITING, maxWaitingOfNamespace = Math.ceil(maxWaiting / 2) }: Pick<PoolOptions, "memory" | "maxWaiting" | "maxWaitingOfNamespace">) {
    this.memory = memory;
    this.maxWaiting = maxWaiting;
    this.maxOfTenant = maxWaitingOfNamespace;
  }

  /**
   * @param waiting runs that wait already
   * @throws WhiskError 400 when it could never fit, 429 when too many of its namespace wait, 503 when too many wait
   */
  check(demand: Demand, tenant: Tenant, waiting: number): void {
    if (demand.memory > this.memory) {
      throw new WhiskError(400, `The action needs ${demand.memory} MB of memory; the platform has ${this.memory} MB for all containers.`);
    }
    if (tenant.waiters >= this.maxOfTenant) {
      throw new WhiskError(429, `Too many concurrent requests in flight (count: ${tenant.waiters}, allowed: ${this.maxOfTenant}).`);
    }
    if (waiting >= this.maxWaiting) {
      throw new WhiskError(503, `System is overloaded, try again later: ${waiting} runs wait, and at most ${this.maxWaiting} may.`);
    }
  }
}
