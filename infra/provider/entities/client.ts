/** The platform's REST API as the entity resources use it: authentication, retries, and errors in words. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../connection";
import type { Endpoint } from "../config";

/** A refusal by the platform, or no answer from it. `status` is absent when there was no answer. */
export class PlatformError extends Error {
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
    this.name = "PlatformError";
  }
}

export interface Call {
  method: "GET" | "PUT" | "POST" | "DELETE";
  /** Below `/api/v1/namespaces/`, or `/admin/v1/namespaces/`, each part encoded. */
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** What it is about, for messages: `action "hello"`. */
  subject: string;
  /** False: a repetition could do it twice, so it is not repeated once it may have arrived. */
  repeatable?: boolean;
  /** By the admin API. @default false */
  admin?: boolean;
  signal: AbortSignal;
}

/** Where a call goes, and what opens it. */
interface Destination extends Pick<Endpoint, "apiHost" | "insecure"> {
  root: string;
  authorization: string;
}

/** Waits between the attempts, in milliseconds. */
const BACKOFF = [100, 400, 1200];
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);
const TIMEOUT = 60_000;

export class Client {
  constructor(
    private readonly connection: Connection,
    private readonly backoff: readonly number[] = BACKOFF,
  ) {}

  /** The parsed answer. Throws PlatformError; an abort is thrown as it is. */
  async call<T>(call: Call): Promise<T> {
    const endpoint = destinationOf(this.connection, call);
    for (let attempt = 0; ; attempt++) {
      const wait = this.backoff[attempt];
      try {
        const response = await send(endpoint, call);
        const text = await response.text();
        if (response.ok) return parse(text) as T;
        const passing = [429, 502, 503, 504].includes(response.status);
        if (!passing || wait === undefined) throw refusal(endpoint, call, response.status, text);
      } catch (error) {
        if (error instanceof PlatformError) throw error;
        call.signal.throwIfAborted();
        const code = codeOf(error);
        const mayRepeat = call.repeatable !== false || NEVER_SENT.has(code);
        if (!mayRepeat || wait === undefined) throw new PlatformError(unreachable(endpoint, call, code));
      }
      await sleep(wait, undefined, { signal: call.signal });
    }
  }
}

function destinationOf(connection: Connection, { admin = false }: Call): Destination {
  if (admin) {
    const { apiHost, insecure, adminKey } = connection.adminEndpoint();
    return { apiHost, insecure, root: "/admin/v1/namespaces", authorization: `Bearer ${adminKey}` };
  }
  const { apiHost, insecure, auth } = connection.endpoint();
  return { apiHost, insecure, root: "/api/v1/namespaces", authorization: `Basic ${Buffer.from(auth).toString("base64")}` };
}

async function send(endpoint: Destination, call: Call): Promise<Response> {
  const url = new URL(`${endpoint.apiHost}${endpoint.root}/${call.path}`);
  for (const [key, value] of Object.entries(call.query ?? {})) url.searchParams.set(key, value);
  const init = {
    method: call.method,
    headers: {
      authorization: endpoint.authorization,
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: call.body === undefined ? undefined : JSON.stringify(call.body),
    signal: AbortSignal.any([call.signal, AbortSignal.timeout(TIMEOUT)]),
  };
  if (!endpoint.insecure) return fetch(url, init);
  // Loaded only here: it takes longer to start than all the rest of the provider.
  const undici = await import("undici");
  insecureAgent ??= new undici.Agent({ connect: { rejectUnauthorized: false } });
  return (await undici.fetch(url, { ...init, dispatcher: insecureAgent })) as unknown as Response;
}

let insecureAgent: import("undici").Agent | undefined;

function refusal(endpoint: Destination, call: Call, status: number, text: string): PlatformError {
  const answer = parse(text) as { error?: unknown } | undefined;
  const said = typeof answer?.error === "string" ? answer.error : text.trim().slice(0, 200) || `HTTP ${status}`;
  const message = (() => {
    switch (status) {
      case 401:
        if (call.admin) return `the platform at ${endpoint.apiHost} does not accept the admin key (401: ${said}): check adminKey of the stackwhisk provider`;
        return `the platform at ${endpoint.apiHost} does not accept the key (401: ${said}): check auth of the stackwhisk provider; a new platform has a new key`;
      case 403:
        return `${call.subject}: this key may not do that (403: ${said})`;
      case 413:
        return `${call.subject} is too large: ${said}`;
      case 429:
        return `${call.subject}: too many requests (429: ${said}); wait a minute and run it again`;
      default:
        return status >= 500 ? `${call.subject}: the platform failed (${status}: ${said}); its log says more` : `${call.subject}: ${said}`;
    }
  })();
  return new PlatformError(message, status);
}

function unreachable(endpoint: Destination, call: Call, code: string): string {
  if (code === "TimeoutError") return `${call.subject}: the platform at ${endpoint.apiHost} did not answer within ${TIMEOUT / 1000} seconds`;
  if (code.includes("CERT") || code.includes("SELF_SIGNED")) {
    return `the certificate of the platform at ${endpoint.apiHost} is not trusted (${code}): set insecure of the stackwhisk provider if that is meant to be so`;
  }
  return `cannot reach the platform at ${endpoint.apiHost} (${code}): is it up? \`npm run up\` starts the local one`;
}

/** `ECONNREFUSED` and the like; of a timeout its name. */
function codeOf(error: unknown): string {
  const { name, message, cause } = error as { name?: string; message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? (name === "TimeoutError" ? name : (message ?? String(error)));
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
