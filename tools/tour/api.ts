import { ToolError } from "../lib/errors";

const TIMEOUT_MS = 60_000;
const ANSWERS_MS = 3_000;

/** An activation record as the REST API gives it; times in milliseconds. */
export interface Activation {
  activationId: string;
  name: string;
  duration?: number;
  logs: string[];
  response: { status: string; success: boolean; result?: unknown };
}

/** A host without a scheme means https, as for OpenWhisk's own clients. */
export const baseUrl = (apiHost: string): string => (/^https?:\/\//.test(apiHost) ? apiHost : `https://${apiHost}`).replace(/\/+$/, "");

/** Whether something speaks HTTP there, whatever it says. */
export async function answers(apiHost: string, timeout = ANSWERS_MS): Promise<boolean> {
  try {
    const response = await fetch(`${baseUrl(apiHost)}/api/v1`, { signal: AbortSignal.timeout(timeout) });
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

/** The few calls of OpenWhisk's REST API that show a platform at work. */
export class Api {
  private readonly namespace: string;
  private readonly authorization: string;

  constructor(apiHost: string, auth: string) {
    this.namespace = `${baseUrl(apiHost)}/api/v1/namespaces/_`;
    this.authorization = `Basic ${Buffer.from(auth).toString("base64")}`;
  }

  /** Whether there is an action (or sequence) or a trigger of that name. */
  async has(collection: "actions" | "triggers", name: string): Promise<boolean> {
    return (await this.call("GET", `/${collection}/${entityPath(name)}`, undefined, [404])).status !== 404;
  }

  /** Runs an action and waits for its end. */
  async invoke(action: string, parameters: object): Promise<Activation> {
    const { status, body } = await this.call("POST", `/actions/${entityPath(action)}?blocking=true`, parameters);
    if (status === 202) throw new ToolError(`${action} was accepted, but did not end in time: activation ${(body as Activation).activationId}.`);
    return body as Activation;
  }

  /** @returns activation id of the fire, undefined if no rule is active */
  async fire(trigger: string, parameters: object): Promise<string | undefined> {
    const { body } = await this.call("POST", `/triggers/${entityPath(trigger)}`, parameters);
    return (body as Partial<Activation> | undefined)?.activationId;
  }

  /** @returns undefined as long as there is no record */
  async activation(id: string): Promise<Activation | undefined> {
    const { status, body } = await this.call("GET", `/activations/${id}`, undefined, [404]);
    return status === 404 ? undefined : (body as Activation);
  }

  private async call(method: string, path: string, parameters?: object, expected: number[] = []): Promise<{ status: number; body: unknown }> {
    const { status, text } = await request(`${this.namespace}${path}`, {
      method,
      headers: { authorization: this.authorization, "content-type": "application/json" },
      body: parameters && JSON.stringify(parameters),
    });
    // 502 is the platform's answer for an action that failed: the body is its record.
    if (status >= 300 && status !== 502 && !expected.includes(status)) throw new ToolError(`${method} ${path} was answered ${status}: ${text}`);
    return { status, body: text === "" ? undefined : JSON.parse(text) };
  }
}

/** @throws ToolError if there is no answer */
export async function request(url: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    throw new ToolError(`${init.method ?? "GET"} ${url} got no answer: ${cause?.message || message}`);
  }
}

/** `/namespace/package/action` or `package/action` as part of a URL, the namespace being the key's own. */
export function entityPath(name: string): string {
  const parts = name.startsWith("/") ? name.split("/").slice(2) : name.split("/");
  return parts.map(encodeURIComponent).join("/");
}
