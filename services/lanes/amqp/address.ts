/** Where a broker is and how to come in. */
export interface BrokerAddress {
  /** What amqplib connects to: the credentials are in it. */
  url: string;
  /** `host:port`, which may be shown. */
  name: string;
}

const PORTS: Record<string, number> = { "amqp:": 5672, "amqps:": 5671 };

/**
 * @param heartbeat seconds, unless the URL asks for another
 * @throws Error when it is not an AMQP URL; the text does not repeat it, for there is a password in it
 */
export function brokerAddress(text: string, heartbeat: number): BrokerAddress {
  // Without its input, which node puts into the error.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const port = url && PORTS[url.protocol];
  if (!url || !port || url.hostname === "") {
    throw new Error("The broker's URL is not of the form amqp://user:password@host:port/vhost (or amqps://).");
  }
  if (!url.searchParams.has("heartbeat")) url.searchParams.set("heartbeat", String(heartbeat));
  return { url: url.href, name: `${url.hostname}:${url.port || port}` };
}
