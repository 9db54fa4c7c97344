import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { createController } from "../controller/app";
import type { ControllerContext } from "../controller/context";
import { Authenticator } from "../controller/http/auth";
import { EntityRepository } from "../core/entities/repository";
import { mintActivationKey } from "../core/keys";
import type { OwnerContext } from "../core/owner/context";
import { Owner } from "../core/owner/owner";
import { UNLIMITED } from "../core/model/namespaceLimits";
import { Throttle } from "../core/owner/throttle";
import { Tenants } from "../core/tenants/tenants";
import { FailPoint } from "../faults/failPoint";
import { mortal } from "../faults/ports";
import { AmqpAcceptedLog } from "../lanes/amqp/acceptedLog";
import { QueueDepths } from "../lanes/amqp/depths";
import { AmqpNotices } from "../lanes/amqp/notices";
import { AmqpRunLane } from "../lanes/amqp/runLane/lane";
import { observeAcceptedLog } from "../metrics/acceptedLog";
import { watchQueues } from "../metrics/broker";
import { observeRequests } from "../metrics/http";
import { watchRunLane } from "../metrics/lanes";
import { serveActionsApart, withoutAdmin } from "../process/actionSide";
import { type Phase, serveAdmin } from "../process/admin";
import { withinLimit } from "../process/drain";
import { RuntimeKinds, runtimesFolder } from "../process/kinds";
import { adminSettings } from "../process/config";
import { seedNamespaces } from "../process/seed";
import { closeServer, listen } from "../process/server";
import type { Service } from "../process/service";
import { version } from "../process/version";
import { Sweeper } from "../store/sweeper";
import { openBackbone, REMEMBERED_AGE } from "./backbone";
import type { DistributedConfig } from "./config";
import { patiently } from "./patience";

/** Accepted work in hand at the same time: much of it waits for containers, so more than there are of those. */
const ACCEPTED_CONCURRENCY = 1024;

/** A controller: the REST API, and the owner of what comes through it. */
export async function startController(config: DistributedConfig, logger: Logger): Promise<Service & { port: number }> {
  const backbone = await openBackbone(config, "controller", logger);
  const { instance, store, session, metrics } = backbone;
  const prefix = config.name;
  const kinds = new RuntimeKinds(runtimesFolder(), config);
  await patiently(() => seedNamespaces(store.namespaces, config.namespaces));

  const lane = new AmqpRunLane({ session, prefix, instance, logger });
  const fail = FailPoint.of(process.env);
  const stopping = new AbortController();
  const accepted = new AmqpAcceptedLog(session, {
    prefix,
    logger,
    concurrency: ACCEPTED_CONCURRENCY,
    onFailure: (message, detail) => {
      if (stopping.signal.aborted) logger.info({ ...detail, error: message }, "accepted work is left to another controller");
      else logger.error({ ...detail, error: message }, "accepted work failed and comes again");
    },
  });
  const log = observeAcceptedLog(metrics, accepted);
  watchRunLane(metrics, lane);
  watchQueues(metrics, new QueueDepths(session, { prefix }));
  const notices = new AmqpNotices(session, { prefix, logger });
  const entities = new EntityRepository(store.entities, (key) => notices.publish({ kind: "entity", key }), { maxAge: REMEMBERED_AGE, now: Date.now });
  const tenants = new Tenants(store.namespaces, {
    defaults: { ...UNLIMITED, ...config.limits },
    onChange: (name) => notices.publish({ kind: "namespace", name }),
    maxAge: REMEMBERED_AGE,
    now: Date.now,
  });
  notices.subscribe((notice) => {
    if (!notice) entities.invalidateAll();
    if (notice?.kind === "entity") entities.invalidate(notice.key);
    else tenants.forget();
  });

  let phase: Phase = "starting";
  const admin = await serveAdmin({ host: config.adminHost, port: config.adminPort, instance, role: "controller", checks: backbone.checks, phase: () => phase, metrics });
  const membership = await backbone.join(admin.url);
  const context: OwnerContext = {
    store,
    lane: mortal.lane(lane, fail),
    log: mortal.log(log, fail),
    entities,
    instance,
    logger,
    liveness: membership,
    throttle: new Throttle({ limits: (namespace) => tenants.limits(namespace), controllers: () => membership.count("controller"), now: Date.now }),
    isSuspended: (identity) => tenants.isSuspended(identity),
    isGone: (identity) => tenants.isGone(identity),
    apiKey: (identity, activationId, expires) => mintActivationKey(config.secret, identity.uuid, activationId, expires),
    now: Date.now,
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
    stopping: stopping.signal,
  };
  const owner = new Owner(context);
  const sweeper = backbone.expiresByItself
    ? undefined
    : new Sweeper({ prune: (endedBefore) => store.activations.prune(endedBefore), retention: config.retention * 1000, now: Date.now, logger });
  const settings: ControllerContext = {
    ...context,
    owner,
    kinds,
    pid: Number(process.env.STACKWHISK_PLATFORM_PID ?? process.pid),
    version,
    authenticator: new Authenticator(tenants, config.secret, Date.now),
    tenants,
    admin: adminSettings(config),
    ready: () => phase !== "draining",
  };
  const app = serveActionsApart(config.actionNetworks, createController(settings), () => createController(withoutAdmin(settings)));
  const { server, port } = await listen(observeRequests(metrics, app), config.host, config.port).catch(async (error: unknown) => {
    admin.server.close();
    await backbone.close();
    throw error;
  });
  await context.log.consume((message, delivery) => owner.handle(message, delivery));
  sweeper?.start();
  phase = "serving";
  logger.info({ host: config.host, port, admin: admin.url, version }, "serving");

  return {
    port,
    async close() {
      phase = "draining";
      const drained = Promise.all([closeServer(server), log.close(), owner.drained(), sweeper?.close()]);
      // Only now: the log takes nothing more to its handler, so what fails of this comes to another controller.
      stopping.abort();
      if (!(await withinLimit(drained))) {
        logger.warn({ inFlight: owner.inFlight }, "work still runs at the end of the drain: accepted work goes to another controller");
        server.closeAllConnections();
      }
      await withinLimit(lane.close(), 1_000);
      await notices.close();
      await backbone.close();
      admin.server.close();
    },
  };
}
