import { randomBytes, randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createController } from "../controller/app";
import type { ControllerContext } from "../controller/context";
import { Authenticator } from "../controller/http/auth";
import { EntityRepository } from "../core/entities/repository";
import { messageOf } from "../core/errors";
import { mintActivationKey } from "../core/keys";
import type { Logger, OwnerContext } from "../core/owner/context";
import { Owner } from "../core/owner/owner";
import { UNLIMITED } from "../core/model/namespaceLimits";
import { Throttle } from "../core/owner/throttle";
import { Tenants } from "../core/tenants/tenants";
import { EmbeddedAcceptedLog, EmbeddedRunLane } from "../lanes/embedded";
import { observeAcceptedLog } from "../metrics/acceptedLog";
import { observeRequests } from "../metrics/http";
import { gauge } from "../metrics/readings";
import { createRegistry } from "../metrics/registry";
import { observeStore } from "../metrics/store";
import { DirectoryInUseError, openSqliteStore, type SqliteStore, UnreadableStateError } from "../store/sqlite";
import { Sweeper } from "../store/sweeper";
import { listenForActions, serveActionsApart, withoutAdmin } from "../process/actionSide";
import { type Phase, serveAdmin } from "../process/admin";
import { DRAIN_LIMIT, withinLimit } from "../process/drain";
import { createInvoker } from "../process/invoker";
import { RuntimeKinds, runtimesFolder } from "../process/kinds";
import { adminSettings } from "../process/config";
import { seedNamespaces } from "../process/seed";
import { closeServer, listen } from "../process/server";
import { StartError } from "../process/startError";
import { version } from "../process/version";
import { type PlatformConfig, platformName } from "./config";

/** Accepted work in hand at the same time: much of it waits for containers, so more than there are of those. */
const ACCEPTED_CONCURRENCY = 1024;
/** Where a started platform writes down how it is reached. */
const ADDRESS_FILE = "address.json";

export interface EmbeddedPlatform {
  port: number;
  /** Takes no new work, finishes what runs, leaves no process behind. */
  close(): Promise<void>;
}

/**
 * Controller, invoker and stores in this process.
 *
 * @throws StartError that names what is in the way
 */
export async function startPlatform(config: PlatformConfig, logger: Logger): Promise<EmbeddedPlatform> {
  const database = openStore(config);
  const metrics = config.adminPort === undefined ? undefined : createRegistry("standalone", version);
  const store = metrics ? observeStore(metrics, database) : database;
  const instance = randomUUID();
  const kinds = new RuntimeKinds(runtimesFolder(), config);
  await seedNamespaces(store.namespaces, config.namespaces);

  const tenants = new Tenants(store.namespaces, { defaults: { ...UNLIMITED, ...config.limits }, now: Date.now });
  const isSuspended: Tenants["isSuspended"] = (identity) => tenants.isSuspended(identity);
  const platformSecret = randomBytes(32).toString("hex");
  let apiHost = "";
  const { invoker, pool, network, close: closeInvoker } = await createInvoker({ config, platform: platformName(config.dataDir), store, kinds, instance, logger, apiHost: () => apiHost, isSuspended, metrics });
  const lane = new EmbeddedRunLane(invoker);
  const stopping = new AbortController();
  const accepted = new EmbeddedAcceptedLog(database.accepted, {
    concurrency: ACCEPTED_CONCURRENCY,
    onFailure: (message, detail) => {
      if (stopping.signal.aborted) logger.info({ ...detail, error: message }, "accepted work is left to the next start");
      else logger.error({ ...detail, error: message }, "accepted work failed and comes again");
    },
  });
  const log = metrics ? observeAcceptedLog(metrics, accepted) : accepted;
  const entities = new EntityRepository(store.entities);
  const context: OwnerContext = {
    store,
    lane,
    log,
    entities,
    instance,
    logger,
    throttle: new Throttle({ limits: (namespace) => tenants.limits(namespace), now: Date.now }),
    isSuspended,
    isGone: (identity) => tenants.isGone(identity),
    // The data directory belongs to one process: whoever is not this one is dead.
    liveness: { isAlive: async (other) => other === instance },
    apiKey: (identity, activationId, expires) => mintActivationKey(platformSecret, identity.uuid, activationId, expires),
    now: Date.now,
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
    stopping: stopping.signal,
  };
  const owner = new Owner(context);
  const sweeper = new Sweeper({
    prune: (endedBefore) => store.activations.prune(endedBefore),
    unfinishedSince: () => database.accepted.oldest(),
    retention: config.retention * 1000,
    now: Date.now,
    logger,
  });
  let phase: Phase = "starting";
  const settings: ControllerContext = {
    ...context,
    owner,
    kinds,
    pid: process.pid,
    version,
    authenticator: new Authenticator(tenants, platformSecret, Date.now),
    tenants,
    admin: adminSettings(config),
    ready: () => phase !== "draining",
  };
  const app = serveActionsApart(network?.subnets ?? [], createController(settings), () => createController(withoutAdmin(settings)));

  let admin: Awaited<ReturnType<typeof serveAdmin>> | undefined;
  const giveUp = async (error: unknown): Promise<never> => {
    admin?.server.close();
    await closeInvoker();
    await store.close();
    throw error;
  };
  if (metrics) {
    // Any read tells whether the database answers.
    const checks = { sqlite: async () => void (await database.namespaces.byName(config.namespaces[0]?.name ?? "")) };
    admin = await serveAdmin({ host: config.host, port: config.adminPort!, instance, role: "standalone", checks, phase: () => phase, metrics }).catch(giveUp);
    gauge(metrics, { name: "stackwhisk_accepted_entries", help: "Accepted work that is not done." }, () => accepted.size);
  }
  const served = metrics ? observeRequests(metrics, app) : app;
  const { server, port } = await listen(served, config.host, config.port).catch(giveUp);
  const actionSide = await listenForActions(served, config.host, port, network, logger);
  apiHost = `http://${actionSide.host}:${port}`;
  pool.prewarm();
  const addressFile = path.join(config.dataDir, ADDRESS_FILE);
  writeFileSync(addressFile, JSON.stringify({ host: config.host, port, pid: process.pid }), { mode: 0o600 });
  await log.consume((message, delivery) => owner.handle(message, delivery));
  sweeper.start();
  phase = "serving";
  logger.info({ host: config.host, port, admin: admin?.url, dataDir: config.dataDir, memory: config.memory, version }, "serving");

  return {
    port,
    async close() {
      phase = "draining";
      const drained = Promise.all([closeServer(server), actionSide.close(), log.close(), owner.drained(), sweeper.close()]);
      // Only now: the log takes nothing more to its handler, so what fails of this waits for the next start.
      stopping.abort();
      if (!(await withinLimit(drained))) {
        logger.warn({ inFlight: owner.inFlight }, `work still runs after ${DRAIN_LIMIT} ms: accepted work comes back at the next start`);
        server.closeAllConnections();
      }
      await lane.close();
      await closeInvoker();
      await store.close();
      admin?.server.close();
      rmSync(addressFile, { force: true });
    },
  };
}

function openStore(config: PlatformConfig): SqliteStore {
  try {
    return openSqliteStore({ file: path.join(config.dataDir, "platform.db") });
  } catch (error) {
    if (error instanceof DirectoryInUseError || error instanceof UnreadableStateError) throw new StartError(error.message, 1, { cause: error });
    throw new StartError(`the data directory ${config.dataDir} cannot be used: ${messageOf(error)}`, 1, { cause: error });
  }
}
