import { MongoClient, type MongoClientOptions, MongoError, type ServerDescriptionChangedEvent } from "mongodb";
import { messageOf } from "../../core/errors";
import type { Logger } from "../../core/owner/context";
import { asking, DatabaseUnusableError } from "./errors";
import { Reach } from "./reach";

/** How long a server is looked for. Milliseconds. */
const SELECTION = 3_000;

/**
 * Milliseconds. A call fails when no server was found or no connection came free; a server that is cut off is noticed by
 * the driver's own beats, after 7 s at most, and every call that waits for it fails within {@link SELECTION} then: a caller
 * hears of it within 10 s. The longest is for one slow exchange.
 */
const OPTIONS: MongoClientOptions = {
  appName: "stackwhisk",
  serverSelectionTimeoutMS: SELECTION,
  connectTimeoutMS: 5_000,
  waitQueueTimeoutMS: 10_000,
  heartbeatFrequencyMS: 2_000,
  socketTimeoutMS: 30_000,
  maxPoolSize: 50,
  readPreference: "primary",
  // On the disks of most servers: what resolves survives the death of any of them. Not for ever, if they do not come back.
  writeConcern: { w: "majority", j: true, wtimeoutMS: 10_000 },
};

/**
 * Connects; from then on the driver connects anew by itself.
 *
 * @throws DatabaseUnusableError when the URL is no such one, or it refuses who asks
 * @throws WhiskError 503 when no server answers
 */
export async function connect(url: string, logger?: Logger): Promise<{ client: MongoClient; reach: Reach; replicated: boolean }> {
  const shown = redacted(url);
  // It could be taken for a host's name then, and shown as one.
  if (/@.*@/s.test(url.split("?")[0]!)) throw new DatabaseUnusableError(shown, "signs such as '@' and '/' in its user or password have to be percent-encoded");
  let client: MongoClient;
  try {
    client = new MongoClient(url, OPTIONS);
  } catch (error) {
    throw new DatabaseUnusableError(shown, `its URL is not valid (${withoutSecrets(messageOf(error), url)})`);
  }
  if (logger) tellOfServers(client, logger);
  const reach = new Reach(client, SELECTION);
  try {
    const hello = await asking(() => client.db("admin").command({ hello: 1 }));
    return { client, reach, replicated: hello.setName !== undefined };
  } catch (error) {
    await client.close();
    throw error instanceof MongoError ? new DatabaseUnusableError(shown, withoutSecrets(error.message, url)) : error;
  }
}

/** The URL as it may be shown: without user, password and options, however they are written. */
export function redacted(url: string): string {
  const [, scheme, rest = ""] = /^([a-z+]+:\/\/)(.*)$/s.exec(url) ?? [];
  if (scheme === undefined) return "(a URL without mongodb://)";
  const [at, options] = [rest.lastIndexOf("@"), rest.indexOf("?")];
  // What looks like the end of credentials may be in an option, so nothing after it is known to be a host.
  if (options !== -1 && at > options) return `${scheme}…`;
  return scheme + rest.slice(at + 1).split(/[/?]/)[0];
}

/** Parts of the URL that are secret are taken out of a text: the driver's messages may quote it. */
function withoutSecrets(text: string, url: string): string {
  const credentials = /^[a-z+]+:\/\/(.*)@/s.exec(url)?.[1];
  const parts = [url, ...(credentials === undefined ? [] : [credentials, ...credentials.split(":")])].flatMap((part) => [part, decoded(part)]);
  return parts.filter((part) => part !== "").reduce((rest, part) => rest.replaceAll(part, "…"), text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Says in the log when a server goes away or comes back. */
function tellOfServers(client: MongoClient, logger: Logger): void {
  client.on("serverDescriptionChanged", ({ address, previousDescription, newDescription }: ServerDescriptionChangedEvent) => {
    const [was, is] = [previousDescription.type, newDescription.type];
    if (was === is) return;
    if (is === "Unknown") logger.warn({ server: address, error: newDescription.error && messageOf(newDescription.error) }, "a database server does not answer");
    else if (was === "Unknown") logger.info({ server: address, type: is }, "a database server answers");
  });
}
