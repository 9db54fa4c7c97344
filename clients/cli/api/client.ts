import { ApiError, CliError, EXIT } from "../errors";
import { parseExact } from "./exact-json";
import type { Trace } from "./trace";
import type { HttpResponse, Identity, Transport } from "./transport";

export type Query = Record<string, string | number | boolean | undefined>;

export interface ApiOptions {
  /** `http://host:port`, without a path. */
  apiHost: string;
  /** `user:password`. */
  auth: string;
  version: string;
  /** Path below which everything is. @default `/api/<version>` */
  root?: string;
  /** The header by that name. @default Basic, of `auth` */
  authorization?: string;
  insecure: boolean;
  identity: Identity | undefined;
  userAgent: string;
  transport: Transport;
  trace: Trace;
}

export interface Answer {
  status: number;
  /** The parsed body; undefined if there is none. */
  body: unknown;
  headers: Record<string, string>;
}

/** The REST API: paths, the authorization, bodies; nothing about commands. */
export class Api {
  constructor(private readonly options: ApiOptions) {}

  /** Where the API begins: `http://host:port/api/v1`. */
  get base(): string {
    const { apiHost, version, root = `/api/${version}` } = this.options;
    return `${apiHost}${root}`;
  }

  /**
   * Sends one request below a namespace.
   *
   * @param path segments, encoded here; a segment may hold slashes (`package/action`)
   * @throws ApiError if the status is not 2xx
   * @throws CliError with exit code 3 if there is no connection
   */
  call(method: string, namespace: string, path: string[], query: Query = {}, body?: unknown, signal?: AbortSignal): Promise<Answer> {
    return this.send(method, `/namespaces/${encodePath(namespace)}/${path.map(encodePath).join("/")}${search(query)}`, body, signal);
  }

  /** The namespaces that the key opens. */
  async namespaces(signal?: AbortSignal): Promise<string[]> {
    return (await this.send("GET", "/namespaces", undefined, signal)).body as string[];
  }

  /** What the platform says about itself. */
  async info(): Promise<Record<string, unknown>> {
    return ((await this.send("GET", "")).body ?? {}) as Record<string, unknown>;
  }

  protected async send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
    const { auth, authorization = `Basic ${Buffer.from(auth).toString("base64")}`, userAgent, insecure, identity, transport, trace } = this.options;
    const request = {
      method,
      url: `${this.base}${path}`,
      headers: {
        accept: "application/json",
        authorization,
        "user-agent": userAgent,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      insecure,
      identity,
      signal,
    };
    trace.request(request);
    const response = await transport(request);
    trace.response(response);
    const answer = { status: response.status, body: parsed(response), headers: response.headers };
    if (response.status < 200 || response.status > 299) throw new ApiError(response.status, answer.body, response.headers);
    if (answer.body === notJson) throw new CliError(`${this.options.apiHost} did not answer in JSON: is it the API host?`, EXIT.network);
    return answer;
  }
}

/** Stands for the body of an answer that somebody else must have given: a proxy, a web server. */
const notJson = Symbol("not JSON");

const encodePath = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

/** A query as the end of a URL; empty if nothing is asked. */
export function search(query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? "" : `?${given}`;
}

function parsed({ text }: HttpResponse): unknown {
  if (text === "") return undefined;
  try {
    return parseExact(text);
  } catch {
    return notJson;
  }
}
