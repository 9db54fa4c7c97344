import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { messageOf, WhiskError } from "../core/errors";
import { Membership } from "../core/owner/membership";
import type { Store } from "../core/ports/store";
import { AmqpSession } from "../lanes/amqp/session";
import { watchSession } from "../metrics/broker";
import { watchMembership } from "../metrics/membership";
import { createRegistry } from "../metrics/registry";
import { observeStore } from "../metrics/store";
import { StartError } from "../process/startError";
import { version } from "../process/version";
import { DatabaseUnusableError, type MongoStore, openMongoStore } from "../store/mongodb";
import { databaseOf, type DistributedConfig } from "./config";
import { patiently } from "./patience";

/** What a process of a distributed platform stands on. */
export interface Backbone {
  instance: string;
  store: Store;
  /** The database removes old records by itself. */
  expiresByItself: boolean;
  session: AmqpSession;
  /** What this process measures. */
  metrics: Registry;
  /** Whether it can be worked with now, for readiness. */
  checks: Record<string, () => Promise<void> | void>;
  /** Says that this process is there. @param admin URL of its health and metrics */
  join(admin: string): Promise<Membership>;
  close(): Promise<void>;
}

/** How long what was read of entities and namespaces is good, should the notice of a change be lost. Milliseconds. */
export const REMEMBERED_AGE = 1_500;

/** How long a broker that is just starting is waited for, as the database is. Milliseconds. */
const BROKER_LIMIT = 30_000;

/** @throws StartError that names the broker or the database */
export async function openBackbone(config: DistributedConfig, role: "controller" | "invoker", logger: Logger): Promise<Backbone> {
  const instance = randomUUID();
  const store = await openStore(config, logger);
  const session = new AmqpSession({ url: config.rabbitmq.url, name: `${config.name} ${role} ${instance}`, logger });
  try {
    await session.whenUp(BROKER_LIMIT);
  } catch (error) {
    await session.close();
    await store.close();
    throw new StartError(messageOf(error), 1, { cause: error });
  }
  const metrics = createRegistry(role, version);
  watchSession(metrics, session);
  let membership: Membership | undefined;
  return {
    instance,
    store: observeStore(metrics, store),
    expiresByItself: store.expiresByItself,
    session,
    metrics,
    checks: {
      mongodb: () => store.ping(),
      rabbitmq: () => {
        if (!session.isUp) throw new Error(`not connected to the message broker at ${session.broker}`);
        if (session.isBlocked) throw new Error(`the message broker at ${session.broker} takes no messages: it lacks memory or disk space`);
      },
    },
    async join(admin) {
      const joined = new Membership({ leases: store.leases, self: { id: instance, role, admin }, logger, now: () => performance.now() });
      membership = joined;
      await patiently(() => joined.start());
      watchMembership(metrics, joined);
      return joined;
    },
    async close() {
      await membership?.stop().catch((error: unknown) => logger.warn({ error: messageOf(error) }, "the end of this process could not be noted: its lease runs out"));
      await session.close();
      await store.close();
    },
  };
}

async function openStore(config: DistributedConfig, logger: Logger): Promise<MongoStore> {
  try {
    return await patiently(() => openMongoStore({ url: config.mongodb.url, database: databaseOf(config), retention: config.retention, logger }));
  } catch (error) {
    if (error instanceof DatabaseUnusableError || error instanceof WhiskError) throw new StartError(error.message, 1, { cause: error });
    throw error;
  }
}
