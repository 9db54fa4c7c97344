import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { refuseProtocolErrors, requireHost } from "./protocolErrors";
import { StartError } from "./startError";

/** How long a client may take to send its headers, and the whole of its request. Milliseconds. */
const HEADERS_TIMEOUT = 15_000;
const REQUEST_TIMEOUT = 120_000;
/** How often both are looked at. Milliseconds. */
const CHECKING = 5_000;
/** Longer than what load balancers and clients keep an idle connection for. Milliseconds. */
const KEEP_ALIVE = 65_000;

export interface ListenOptions {
  /** The port is this process's alone, also where several processes serve together. @default false */
  own?: boolean;
  /** By which the port was chosen. @default port */
  setting?: string;
  /** How long a client may take to send its headers. Milliseconds. @default 15 seconds */
  headersTimeout?: number;
}

/**
 * Serves HTTP. What never becomes a request is refused as JSON, in bounded time.
 *
 * @throws StartError when the address cannot be had
 */
export async function listen(app: RequestListener, host: string, port: number, { own = false, setting = "port", headersTimeout = HEADERS_TIMEOUT }: ListenOptions = {}): Promise<{ server: Server; port: number }> {
  const timeouts = { headersTimeout, requestTimeout: REQUEST_TIMEOUT, keepAliveTimeout: KEEP_ALIVE, connectionsCheckingInterval: Math.min(CHECKING, headersTimeout) };
  const server = createServer({ ...timeouts, requireHostHeader: false }, requireHost(app));
  refuseProtocolErrors(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(new StartError(reasonOf(error, host, port, setting), 1, { cause: error })));
    server.listen({ port, host, exclusive: own }, () => resolve());
  });
  return { server, port: (server.address() as AddressInfo).port };
}

function reasonOf(error: NodeJS.ErrnoException, host: string, port: number, setting: string): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `${host}:${port} is taken by another program: stop it, or choose another '${setting}'`;
    case "EACCES":
      return `${host}:${port} is not allowed to this user: choose a '${setting}' above 1023`;
    case "EADDRNOTAVAIL":
      return `${host} is not an address of this machine: choose another 'host'`;
    default:
      return `${host}:${port} cannot be listened on: ${error.message}`;
  }
}

/** How often connections that have had their answer are looked for during a stop. Milliseconds. */
const SWEEP = 50;

/** Takes no more connections; resolves when those that there are have been answered. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A client that always has its next request ready would never be found idle.
    server.prependListener("request", (_request, response) => response.setHeader("Connection", "close"));
    // A connection that was busy stays open for the client's next request, which is not to come.
    const sweeper = setInterval(() => server.closeIdleConnections(), SWEEP);
    server.close(() => {
      clearInterval(sweeper);
      resolve();
    });
    server.closeIdleConnections();
  });
}
