import { request } from "undici";
import { until } from "./until";

/* eslint-disable @typescript-eslint/no-explicit-any -- answers of a REST API, looked at by the tests that ask */
export interface Answer {
  status: number;
  body: any;
  headers: Record<string, string | string[] | undefined>;
}

export interface ActivationRecord {
  activationId: string;
  name: string;
  logs: string[];
  cause?: string;
  start: number;
  end: number;
  duration: number;
  annotations: { key: string; value: any }[];
  response: { status: string; success: boolean; result: any };
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/** The REST API as tests use it. */
export class Client {
  /** @param limit milliseconds after which a call that has no answer is given up; undici's, if absent */
  constructor(
    readonly apiHost: string,
    private readonly auth: string,
    private readonly limit?: number,
  ) {}

  /** @param path below the namespace, for example `actions/hello?blocking=true` */
  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await request(`${this.apiHost}/api/v1/namespaces/_/${path}`, {
      method: method as "GET",
      headers: { authorization: `Basic ${Buffer.from(this.auth).toString("base64")}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: this.limit === undefined ? null : AbortSignal.timeout(this.limit),
    });
    const text = await response.body.text();
    return { status: response.statusCode, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  }

  /** As `call`, but anything but a 2xx throws. */
  async must(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  }

  async putAction(name: string, code: string, more: { kind?: string; [key: string]: unknown } = {}): Promise<void> {
    const { kind = "nodejs:default", ...rest } = more;
    await this.must("PUT", `actions/${name}?overwrite=true`, { exec: { kind, code }, ...rest });
  }

  invoke(name: string, payload: unknown = {}, query = "blocking=true&result=true"): Promise<Answer> {
    return this.call("POST", `actions/${name}?${query}`, payload);
  }

  /** The record, once it is there. */
  async activation(id: string, limit?: number): Promise<ActivationRecord> {
    return until(
      `the record of ${id}`,
      async () => {
        const answer = await this.call("GET", `activations/${id}`);
        return answer.status === 200 && (answer.body as ActivationRecord);
      },
      limit,
    );
  }

  async activations(query = "limit=200"): Promise<ActivationRecord[]> {
    return (await this.must("GET", `activations?${query}`)).body as ActivationRecord[];
  }
}
