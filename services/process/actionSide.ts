import type { RequestListener } from "node:http";
import { BlockList, isIPv4, isIPv6 } from "node:net";
import type { ControllerContext } from "../controller/context";
import { messageOf } from "../core/errors";
import type { Logger } from "../core/owner/context";
import type { DriverNetwork } from "./driver";
import { closeServer, listen } from "./server";

/**
 * Serves actions apart: requests from their networks go to an app that has less to offer, the admin API above all.
 *
 * @param networks of the actions' containers, as CIDR
 */
export function serveActionsApart(networks: readonly string[], app: RequestListener, forActions: () => RequestListener): RequestListener {
  if (networks.length === 0) return app;
  const restricted = forActions();
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", length] = network.split("/");
    list.addSubnet(address, Number(length), isIPv6(address) ? "ipv6" : "ipv4");
  }
  return (request, response) => {
    const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    const isAction = list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
    (isAction ? restricted : app)(request, response);
  };
}

/** What the API has for actions. */
export const withoutAdmin = (context: ControllerContext): ControllerContext => ({ ...context, admin: { ...context.admin, key: undefined } });

/** Where a machine's own address leads nowhere, as in Docker's desktop programs, the engine knows it by this name. */
const HOST_OF_ENGINE = "host.docker.internal";

/**
 * Serves containers of actions on their network too, where they are apart: 127.0.0.1 is their own there.
 *
 * @returns how they reach the API
 */
export async function listenForActions(app: RequestListener, host: string, port: number, network: DriverNetwork | undefined, logger: Logger): Promise<{ host: string; close(): Promise<void> }> {
  const none = () => Promise.resolve();
  if (!network) return { host, close: none };
  const gateway = network.gateway ?? HOST_OF_ENGINE;
  if (["0.0.0.0", "::", gateway].includes(host)) return { host: gateway, close: none };
  try {
    const { server } = await listen(app, gateway, port);
    return { host: gateway, close: () => closeServer(server) };
  } catch (error) {
    logger.warn({ error: messageOf(error) }, `this machine is not on the network of the actions: they reach the API as ${HOST_OF_ENGINE}, if its 'host' lets them`);
    return { host: HOST_OF_ENGINE, close: none };
  }
}
