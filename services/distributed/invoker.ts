import type { Logger } from "pino";
import { ACTION_LIMITS } from "../core/model/limits";
import { UNLIMITED } from "../core/model/namespaceLimits";
import { Tenants } from "../core/tenants/tenants";
import { FailPoint } from "../faults/failPoint";
import { mortal } from "../faults/ports";
import { AmqpRunReceiver } from "../lanes/amqp/runLane/receiver";
import { watchReceiver } from "../metrics/lanes";
import { type Phase, serveAdmin } from "../process/admin";
import { withinLimit } from "../process/drain";
import { createInvoker } from "../process/invoker";
import { RuntimeKinds, runtimesFolder } from "../process/kinds";
import type { Service } from "../process/service";
import { version } from "../process/version";
import { openBackbone, REMEMBERED_AGE } from "./backbone";
import { apiHostOf, type DistributedConfig } from "./config";

/** An invoker: containers, and the runs that the lane brings to them. */
export async function startInvoker(config: DistributedConfig, logger: Logger): Promise<Service> {
  const backbone = await openBackbone(config, "invoker", logger);
  const { instance, store, session, metrics } = backbone;
  let phase: Phase = "starting";
  const admin = await serveAdmin({ host: config.adminHost, port: config.adminPort, instance, role: "invoker", checks: backbone.checks, phase: () => phase, metrics });
  // Without notices of changes: what it remembers is never older than a block may take to be in force.
  const tenants = new Tenants(store.namespaces, { defaults: UNLIMITED, maxAge: REMEMBERED_AGE, now: Date.now });
  let onBound: (key: string, slots: number) => void = () => {};
  const { invoker, pool, close: closeContainers } = await createInvoker({
    config,
    platform: config.name,
    store: mortal.store(store, FailPoint.of(process.env)),
    kinds: new RuntimeKinds(runtimesFolder(), config),
    instance,
    logger,
    apiHost: () => apiHostOf(config),
    onBound: (key, slots) => onBound(key, slots),
    isSuspended: (identity) => tenants.isSuspended(identity),
    metrics,
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
  watchReceiver(metrics, receiver);
  pool.prewarm();
  phase = "serving";
  logger.info({ memory: config.memory, admin: admin.url, version }, "serving");

  return {
    async close() {
      phase = "draining";
      if (!(await withinLimit(receiver.drain()))) logger.warn({ runs: receiver.inHand }, "runs still go on at the end of the drain: they are ended");
      await closeContainers();
      await receiver.close();
      await backbone.close();
      admin.server.close();
    },
  };
}
