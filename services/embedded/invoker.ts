import { availableParallelism } from "node:os";
import type { Logger } from "../core/owner/context";
import type { Store } from "../core/ports/store";
import { ProcessDriver } from "../invoker/drivers/process";
import { Invoker } from "../invoker/invoker";
import { ContainerPool } from "../invoker/pool/pool";
import type { PlatformConfig } from "./config";
import { LoadMeter } from "./loadMeter";
import type { ProcessKinds } from "./kinds";

/** Part of the time of the processors, or of the event loop that feeds the containers. */
const SATURATED = 0.9;

export interface EmbeddedInvoker {
  invoker: Invoker;
  pool: ContainerPool;
  /** Ends all containers, when all records are stored. */
  close(): Promise<void>;
}

/** The invoker of an embedded platform: actions run as processes of this machine. */
export async function createInvoker(options: {
  config: PlatformConfig;
  store: Store;
  kinds: ProcessKinds;
  instance: string;
  logger: Logger;
  /** Where actions reach the REST API. */
  apiHost(): string;
}): Promise<EmbeddedInvoker> {
  const { config, store, kinds, instance, logger, apiHost } = options;
  const driver = new ProcessDriver({ commands: (kind) => kinds.command(kind) });
  await driver.reap();
  const load = new LoadMeter(Date.now);
  const pool = new ContainerPool({
    driver,
    memory: config.memory,
    idleTimeout: config.idleTimeout * 1000,
    stemCells: config.prewarm ? kinds.prewarmed() : [],
    maxStarting: 4 * availableParallelism(),
    isSaturated: () => load.utilization() >= SATURATED,
    env: () => ({ __OW_API_HOST: apiHost() }),
    now: Date.now,
    logger,
  });
  const invoker = new Invoker({ store, pool, instance, apiHost, now: Date.now, logger });
  return {
    invoker,
    pool,
    async close() {
      await invoker.flushed();
      await pool.close();
      await driver.close();
    },
  };
}
