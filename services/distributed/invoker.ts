import type { Logger } from "pino";
import { ACTION_LIMITS } from "../core/model/limits";
import { AmqpRunReceiver } from "../lanes/amqp/runLane/receiver";
import { serveAdmin } from "../process/admin";
import { createInvoker } from "../process/invoker";
import { ProcessKinds, runtimesFolder } from "../process/kinds";
import type { Service } from "../process/service";
import { version } from "../process/version";
import { openBackbone } from "./backbone";
import { apiHostOf, type DistributedConfig } from "./config";
import { withinLimit } from "./drain";

/** An invoker: containers, and the runs that the lane brings to them. */
export async function startInvoker(config: DistributedConfig, logger: Logger): Promise<Service> {
  const backbone = await openBackbone(config, "invoker", logger);
  const { instance, store, session } = backbone;
  let draining = false;
  const admin = await serveAdmin({ host: config.adminHost, port: config.adminPort, instance, role: "invoker", checks: backbone.checks, isDraining: () => draining, metrics: NO_METRICS });
  let onBound: (key: string, containers: number) => void = () => {};
  const { invoker, pool, close: closeContainers } = await createInvoker({
    config,
    store,
    kinds: new ProcessKinds(runtimesFolder()),
    instance,
    logger,
    apiHost: () => apiHostOf(config),
    onBound: (key, containers) => onBound(key, containers),
  });
  // Before it takes work: owners ask whether whoever has claimed a start lives.
  const membership = await backbone.join(admin.url);
  const receiver = new AmqpRunReceiver({
    session,
    prefix: config.name,
    runner: invoker,
    capacity: { freeMemory: () => pool.occupancy.memory - pool.occupancy.used, onBound: (listener) => (onBound = listener) },
    slots: Math.max(1, Math.floor(config.memory / ACTION_LIMITS.memory.std)),
    isAlone: () => membership.count("invoker") <= 1,
    logger,
  });
  pool.prewarm();
  logger.info({ memory: config.memory, admin: admin.url, version }, "serving");

  return {
    async close() {
      draining = true;
      if (!(await withinLimit(receiver.drain()))) logger.warn({ runs: receiver.inHand }, "runs still go on at the end of the drain: they are ended");
      await closeContainers();
      await receiver.close();
      await backbone.close();
      admin.server.close();
    },
  };
}

const NO_METRICS = { contentType: "text/plain", metrics: async () => "" };
