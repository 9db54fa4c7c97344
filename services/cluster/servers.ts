import type { Logger } from "pino";
import { messageOf, WhiskError } from "../core/errors";
import { databaseOf, type DistributedConfig } from "../distributed/config";
import { claimNames } from "../lanes/amqp/claim";
import { AmqpSession } from "../lanes/amqp/session";
import { removeTopology } from "../lanes/amqp/topology";
import { StartError } from "../process/startError";
import { contentsOf, type DatabaseOfPlatform, dropDatabase, redacted } from "../store/mongodb";

/** How long a broker is waited for by somebody who looks on. Milliseconds. */
const PATIENCE = 4_000;
const FOREIGN = "is another platform's, or something else's: choose another 'name'";

/**
 * Makes sure, before anything is started, that both servers can be used, that the database is no one else's and the names on
 * the broker are neither: it takes them for this platform.
 *
 * @throws StartError that names the setting at fault, or both, and no password
 */
export async function requireServers(config: DistributedConfig, logger: Logger): Promise<void> {
  await lookAtBoth(config, logger);
  await startErrors(onBroker(config, logger, (session) => requireNames(session, config)));
}

/**
 * Removes the platform from both servers: its database, its queues and exchanges. None of its processes may run. What is not
 * there any more is no error.
 *
 * @throws StartError as above; what is somebody else's stays
 */
export async function clearServers(config: DistributedConfig, logger: Logger): Promise<void> {
  await lookAtBoth(config, logger);
  await startErrors(
    onBroker(config, logger, async (session) => {
      await requireNames(session, config);
      await removeTopology(session, config.name, { limit: PATIENCE });
    }),
  );
  await startErrors(onDatabase(config, async (database) => void (await dropDatabase(database))));
}

/** Changes nothing on them. */
async function lookAtBoth(config: DistributedConfig, logger: Logger): Promise<void> {
  await startErrors(
    onBroker(config, logger, async () => {}),
    onDatabase(config, async (database) => {
      if ((await contentsOf(database)) === "foreign") throw new Error(`The database '${databaseOf(config)}' at ${redacted(config.mongodb.url)} ${FOREIGN}`);
    }),
  );
}

async function requireNames(session: AmqpSession, config: DistributedConfig): Promise<void> {
  if (await claimNames(session, config.name, ownerOf(config).uuid, PATIENCE)) return;
  throw new Error(`The name '${config.name}' on the message broker at ${session.broker} ${FOREIGN}`);
}

/** The namespace that was made with the platform: no other has its uuid. */
const ownerOf = (config: DistributedConfig) => config.namespaces[0]!;

async function onBroker(config: DistributedConfig, logger: Logger, use: (session: AmqpSession) => Promise<void>): Promise<void> {
  let session: AmqpSession | undefined;
  try {
    // Its tries to connect are of no interest: the last one's problem is told.
    session = new AmqpSession({ url: config.rabbitmq.url, name: `${config.name} cluster`, logger: logger.child({}, { level: "silent" }) });
    await session.whenUp(PATIENCE);
    await use(session);
  } catch (error) {
    throw new Error(`rabbitmq.url: ${messageOf(error)}`, { cause: error });
  } finally {
    await session?.close();
  }
}

async function onDatabase(config: DistributedConfig, use: (database: DatabaseOfPlatform) => Promise<void>): Promise<void> {
  try {
    await use({ url: config.mongodb.url, database: databaseOf(config), namespace: ownerOf(config) });
  } catch (error) {
    const unanswered = error instanceof WhiskError && error.status === 503;
    throw new Error(`mongodb.url: ${unanswered ? `The database at ${redacted(config.mongodb.url)} does not answer${reasonOf(error)}` : messageOf(error)}`, { cause: error });
  }
}

/** What the driver said, behind the name of its class. */
function reasonOf({ cause }: Error): string {
  return cause instanceof Error ? ` (${cause.message.replace(/^\w+: /, "")})` : "";
}

/** Whoever has two servers away wants to hear of both at once. */
async function startErrors(...work: Promise<void>[]): Promise<void> {
  const failures = (await Promise.allSettled(work)).filter((result) => result.status === "rejected").map(({ reason }) => reason as Error);
  if (failures.length > 0) throw new StartError(failures.map(({ message }) => message).join("\n"), 1, { cause: failures[0] });
}
