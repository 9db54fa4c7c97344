import { availableParallelism } from "node:os";
import type { Registry } from "prom-client";
import type { Identity } from "../core/model/entities";
import type { Logger } from "../core/owner/context";
import type { Store } from "../core/ports/store";
import { Invoker } from "../invoker/invoker";
import { ContainerPool } from "../invoker/pool/pool";
import { watchPool, watchRecords } from "../metrics/pool";
import { observeRuns } from "../metrics/runs";
import { createDriver, type DriverConfig, type DriverNetwork } from "./driver";
import type { RuntimeKinds } from "./kinds";
import { LoadMeter } from "./loadMeter";

/** Part of the time of the processors, or of the event loop that feeds the containers. */
const SATURATED = 0.9;

export interface InvokerConfig extends DriverConfig {
  /** MB for all containers together. */
  memory: number;
  /** Seconds after which an idle container goes. */
  idleTimeout: number;
  /** Keep a runtime ready for kinds in use. */
  prewarm: boolean;
}

export interface ProcessInvoker {
  invoker: Invoker;
  pool: ContainerPool;
  /** Where its containers are; undefined: nowhere apart. */
  network: DriverNetwork | undefined;
  /** Ends all containers, when all records are stored. */
  close(): Promise<void>;
}

/** An invoker, with containers of the driver that its configuration asks for. @throws StartError */
export async function createInvoker(options: {
  config: InvokerConfig;
  store: Store;
  kinds: RuntimeKinds;
  /** Name by which the platform's containers are known. */
  platform: string;
  instance: string;
  logger: Logger;
  /** Where actions reach the REST API. */
  apiHost(): string;
  /** Told when a run key gets a container of its own, or loses one: how many runs they may work on at a time now. */
  onBound?(key: string, slots: number): void;
  /** Nothing is to be started for it any more: it is blocked or gone. */
  isSuspended(identity: Identity): boolean | Promise<boolean>;
  /** What it measures is told there. */
  metrics?: Registry;
}): Promise<ProcessInvoker> {
  const { config, platform, store, kinds, instance, logger, apiHost, onBound, isSuspended, metrics } = options;
  const { driver, network } = await createDriver(config, platform, kinds, logger);
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
    onBound,
  });
  const invoker = new Invoker({ store, pool, instance, apiHost, now: Date.now, logger, isSuspended, observe: metrics && observeRuns(metrics) });
  if (metrics) {
    watchPool(metrics, pool);
    watchRecords(metrics, invoker);
  }
  return {
    invoker,
    pool,
    network,
    async close() {
      await invoker.flushed();
      await pool.close();
      await driver.close();
    },
  };
}
