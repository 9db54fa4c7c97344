import { request } from "undici";

/* eslint-disable @typescript-eslint/no-explicit-any -- answers of a REST API, looked at by the checks that ask */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  bytes: Buffer;
  text: string;
  /** Undefined if the text is not JSON. */
  body: any;
}

export interface ActivationRecord {
  activationId: string;
  namespace: string;
  name: string;
  version: string;
  subject: string;
  publish: boolean;
  start: number;
  end?: number;
  duration?: number;
  cause?: string;
  logs: string[];
  annotations: { key: string; value: any }[];
  response: { status: string; success: boolean; result: any; size?: number };
}
/* eslint-enable @typescript-eslint/no-explicit-any */

export interface Sent {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, of the given type. */
  raw?: { type?: string; text: string | Buffer };
  headers?: Record<string, string>;
  /** Credentials `user:password` instead of the own; null: none. */
  auth?: string | null;
}

/** A server's REST API over plain HTTP, with the credentials of one namespace. */
export class Api {
  /** Entities that were put, newest last. */
  private readonly made = new Set<string>();

  constructor(
    readonly apiHost: string,
    readonly auth: string,
  ) {}

  /** @param line method and path: below the host if it begins with `/`, else below the own namespace */
  async call(line: string, { body, raw, headers, auth = this.auth }: Sent = {}): Promise<Answer> {
    const [method, path] = [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)];
    const type = raw ? raw.type : body === undefined ? undefined : "application/json";
    const response = await request(`${this.apiHost}${path.startsWith("/") ? path : `/api/v1/namespaces/_/${path}`}`, {
      method: method as "GET",
      headers: {
        ...(auth === null ? {} : { authorization: `Basic ${Buffer.from(auth).toString("base64")}` }),
        ...(type === undefined ? {} : { "content-type": type }),
        ...headers,
      },
      body: raw ? raw.text : body === undefined ? null : JSON.stringify(body),
    });
    const bytes = Buffer.from(await response.body.arrayBuffer());
    if (method === "PUT" && response.statusCode === 200) this.made.add(path.replace(/\?.*/, ""));
    const text = bytes.toString();
    return { status: response.statusCode, headers: response.headers, bytes, text, body: parse(text) };
  }

  /** As `call`, but anything but a 2xx throws. */
  async must(line: string, sent?: Sent): Promise<Answer> {
    const answer = await this.call(line, sent);
    if (answer.status >= 300) throw new Error(`${line}: ${answer.status} ${answer.text.slice(0, 500)}`);
    return answer;
  }

  async putAction(name: string, code: string, more: { kind?: string; [field: string]: unknown } = {}): Promise<Answer> {
    const { kind = "nodejs:default", ...rest } = more;
    return this.must(`PUT actions/${name}?overwrite=true`, { body: { exec: { kind, code }, ...rest } });
  }

  /** The result of a blocking call, or its error. */
  async invoke(name: string, payload: unknown = {}): Promise<Answer> {
    return this.call(`POST actions/${name}?blocking=true&result=true`, { body: payload });
  }

  /** The record of a blocking call. */
  async run(name: string, payload: unknown = {}): Promise<ActivationRecord> {
    return (await this.call(`POST actions/${name}?blocking=true`, { body: payload })).body as ActivationRecord;
  }

  /** Deletes what was put through it: what refers to others before what others refer to. */
  async removeAll(): Promise<void> {
    const rank = (path: string) => ["rules/", "triggers/", "actions/", "packages/"].findIndex((kind) => path.startsWith(kind));
    for (const path of [...this.made].reverse().sort((a, b) => rank(a) - rank(b))) await this.call(`DELETE ${path}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
