import type { Logger } from "pino";
import { messageOf, WhiskError } from "../core/errors";
import { databaseOf, type DistributedConfig } from "../distributed/config";
import { claimNames } from "../lanes/amqp/claim";
import { AmqpSession } from "../lanes/amqp/session";
import { removeTopology } from "../lanes/amqp/topology";
import { StartError } from "../process/startError";
import { contentsOf, type DatabaseOfPlatform, dropDatabase, instancesIn, redacted } from "../store/mongodb";

/** How long a broker is waited for by somebody who looks on. Milliseconds. */
const PATIENCE = 4_000;
const FOREIGN = "is another platform's, or something else's: choose another 'name'";

/**
 * Makes sure, before anything is started, that both servers can be used, that neither the database nor the
 * names on the broker are somebody else's: they are this platform's then.
 *
 * @throws StartError that names the setting at fault, or both, and no password
 */
export async function requireServers(config: DistributedConfig, logger: Logger): Promise<void> {
  await lookAtBoth(config, logger);
  await onBroker(config, logger, (session) => requireNames(session, config));
}

/**
 * Removes the platform from both servers: its database, its queues and exchanges. None of its processes may run. What is not
 * there any more is no error.
 *
 * @throws StartError as above; what is somebody else's stays
 */
export async function clearServers(config: DistributedConfig, logger: Logger): Promise<void> {
  await lookAtBoth(config, logger);
  const instances = await onDatabase(config, instancesIn);
  await onBroker(config, logger, async (session) => {
    await requireNames(session, config);
    await removeTopology(session, config.name, { instances, limit: PATIENCE });
  });
  // The last of all: it says whose it is, should this be interrupted.
  await onDatabase(config, dropDatabase);
}

/** Changes nothing on them. Whoever has two servers away wants to hear of both at once. */
async function lookAtBoth(config: DistributedConfig, logger: Logger): Promise<void> {
  const looks = [
    onBroker(config, logger, async () => {}),
    onDatabase(config, async (database) => {
      if ((await contentsOf(database)) === "foreign") throw new Error(`The database '${databaseOf(config)}' at ${redacted(config.mongodb.url)} ${FOREIGN}`);
    }),
  ];
  const failures = (await Promise.allSettled(looks)).filter((result) => result.status === "rejected").map(({ reason }) => reason as Error);
  if (failures.length > 0) throw new StartError(failures.map(({ message }) => message).join("\n"), 1, { cause: failures[0] });
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
    throw new StartError(`rabbitmq.url: ${messageOf(error)}`, 1, { cause: error });
  } finally {
    await session?.close();
  }
}

async function onDatabase<T>(config: DistributedConfig, use: (database: DatabaseOfPlatform) => Promise<T>): Promise<T> {
  try {
    return await use({ url: config.mongodb.url, database: databaseOf(config), namespace: ownerOf(config) });
  } catch (error) {
    const unanswered = error instanceof WhiskError && error.status === 503;
    const problem = unanswered ? `The database at ${redacted(config.mongodb.url)} does not answer${reasonOf(error)}` : messageOf(error);
    throw new StartError(`mongodb.url: ${problem}`, 1, { cause: error });
  }
}

/** What the driver said, behind the name of its class. */
function reasonOf({ cause }: Error): string {
  return cause instanceof Error ? ` (${cause.message.replace(/^\w+: /, "")})` : "";
}
