import http from "node:http";
import { createServer, isIPv6 } from "node:net";

/** Where the platform listens. */
export interface Endpoint {
  host: string;
  port: number;
}

/** What `GET /health` tells of a platform that serves. */
export interface Health {
  pid: number;
  version?: string;
}

/** A platform that listens on all addresses is called on the loopback one. */
const WILDCARDS: Record<string, string> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** The address as clients use it, for example `http://127.0.0.1:3233`. */
export function urlOf({ host, port }: Endpoint): string {
  const called = WILDCARDS[host] ?? host;
  return `http://${isIPv6(called) ? `[${called}]` : called}:${port}`;
}

export const sameEndpoint = (one: Endpoint, other: Endpoint): boolean => one.host === other.host && one.port === other.port;

/**
 * Asks once who serves at an endpoint.
 *
 * @param limit milliseconds to wait for the answer
 * @returns undefined if nobody answers, or somebody who is no platform
 */
export function askHealth(endpoint: Endpoint, limit: number): Promise<Health | undefined> {
  return new Promise((resolve) => {
    // No agent: a connection kept alive would be one more thing that a draining platform waits for.
    const request = http.get(`${urlOf(endpoint)}/health`, { agent: false, signal: AbortSignal.timeout(limit) }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > 65_536) request.destroy();
      });
      response.on("error", () => resolve(undefined));
      response.on("close", () => resolve(response.statusCode === 200 ? parseHealth(text) : undefined));
    });
    request.on("error", () => resolve(undefined));
  });
}

function parseHealth(text: string): Health | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null) return undefined;
    const { status, pid, version } = body as Record<string, unknown>;
    if (status !== "ok" || typeof pid !== "number") return undefined;
    return { pid, ...(typeof version === "string" ? { version } : {}) };
  } catch {
    return undefined;
  }
}

/**
 * Makes sure that a program could listen at an endpoint now.
 *
 * @param setting how to choose another port, for the message
 * @throws Error that names host and port, says why not and what to do
 */
export async function requireFree(endpoint: Endpoint, setting: string): Promise<void> {
  const code = await tryListen(endpoint);
  if (!code) return;
  const { host, port } = endpoint;
  if (code === "EADDRINUSE") {
    const holder = await askHealth(endpoint, 1000);
    const who = holder ? `another Stackwhisk platform (process ${holder.pid})` : "another program";
    throw new Error(`port ${port} on ${host} is taken by ${who}. Stop it, or choose another port: ${setting}`);
  }
  if (code === "EACCES") throw new Error(`port ${port} on ${host} may not be used by this user (ports below 1024 are reserved). Choose another port: ${setting}`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") throw new Error(`host ${host} is not an address of this machine, so port ${port} cannot be opened there`);
  throw new Error(`port ${port} on ${host} cannot be opened: ${code}`);
}

function tryListen({ host, port }: Endpoint): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });
}
