import type { Readable } from "node:stream";
import { Pool, type Dispatcher } from "undici";

/** Calls at the same time: an engine that has more in hand does each of them more slowly, and those that end containers too. */
const CALLS = 8;
/** Milliseconds until an engine that does not answer is given up. */
const CALL_LIMIT = 60_000;
/** What may be said a second time is said again after so long, and then longer. Milliseconds. */
const PAUSES = [100, 400, 1_500];

export interface CallOptions {
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** Said once more if the engine was away: for calls that have the same outcome twice. @default GET only */
  again?: boolean;
  /** It may take as long as it likes, and is not counted among the others. */
  long?: boolean;
  signal?: AbortSignal;
}

/** The engine has refused. */
export class EngineError extends Error {
  /** @param status of HTTP; 0: the engine did not answer */
  constructor(
    readonly status: number,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "EngineError";
  }
}

/**
 * Docker's API, as far as containers of actions need it. A client of our own: the usual library brings those of SSH and gRPC
 * along, one of which has to be compiled; see docs/decisions/0014-docker-driver.md.
 */
export class Engine {
  private readonly calls: Pool;
  private readonly long: Pool;

  /** @param host as `DOCKER_HOST` has it: `unix:///var/run/docker.sock`, `tcp://host:2375` */
  constructor(readonly host: string) {
    const { origin, socketPath } = parseHost(host);
    const common = { connect: socketPath === undefined ? {} : { socketPath }, pipelining: 1, bodyTimeout: 0, allowH2: false };
    this.calls = new Pool(origin, { ...common, connections: CALLS, headersTimeout: CALL_LIMIT });
    this.long = new Pool(origin, { ...common, headersTimeout: 0 });
  }

  /**
   * @returns the answer, undefined if it is empty
   * @throws EngineError
   */
  async call<T = undefined>(method: "GET" | "POST" | "DELETE", path: string, options: CallOptions = {}): Promise<T> {
    const { again = method === "GET" } = options;
    for (let attempt = 0; ; attempt++) {
      try {
        const { body } = await this.send(method, path, options);
        const text = await body.text();
        return (text === "" ? undefined : JSON.parse(text)) as T;
      } catch (error) {
        const failure = this.failure(error);
        if (failure.status !== 0 || !again || options.signal?.aborted || attempt === PAUSES.length) throw failure;
        await new Promise((resolve) => setTimeout(resolve, PAUSES[attempt]));
      }
    }
  }

  /** Bytes as they come, until the engine ends them. @throws EngineError */
  async stream(method: "GET" | "POST", path: string, options: CallOptions = {}): Promise<Readable> {
    try {
      return (await this.send(method, path, { ...options, long: true })).body;
    } catch (error) {
      throw this.failure(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.calls.destroy(), this.long.destroy()]);
  }

  private async send(method: Dispatcher.HttpMethod, path: string, { query = {}, body, long = false, signal }: CallOptions): Promise<Dispatcher.ResponseData> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
    const response = await (long ? this.long : this.calls).request({
      method,
      path: search.size > 0 ? `${path}?${search.toString()}` : path,
      headers: body === undefined ? [] : ["content-type", "application/json"],
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
    if (response.statusCode < 400) return response;
    throw new EngineError(response.statusCode, messageIn(await response.body.text()));
  }

  private failure(error: unknown): EngineError {
    if (error instanceof EngineError) return error;
    const { message, code } = error as Error & { code?: string };
    return new EngineError(0, `the Docker engine at ${this.host} does not answer: ${message || code}`, { cause: error });
  }
}

function parseHost(host: string): { origin: string; socketPath?: string } {
  if (host.startsWith("unix://")) return { origin: "http://docker", socketPath: host.slice("unix://".length) };
  return { origin: host.replace(/^tcp:/, "http:") };
}

function messageIn(body: string): string {
  try {
    return (JSON.parse(body) as { message: string }).message;
  } catch {
    return body.trim();
  }
}
