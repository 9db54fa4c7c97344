import type { Readable } from "node:stream";
import { Pool, type Dispatcher } from "undici";

/** Calls at the same time: an engine that has more in hand does each of them more slowly, and those that end containers too. */
const CALLS = 8;
/** Until an engine that does not answer is given up, the wait for others' calls included. Milliseconds. */
const CALL_LIMIT = 60_000;
/** What may be said a second time is said again after so long, and then longer. Milliseconds. */
const PAUSES = [100, 400, 1_500];

export interface CallOptions {
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** Said once more if the engine was away: for calls that have the same outcome twice. @default GET only */
  again?: boolean;
  /** It is not counted among the others, and may take as long as it likes if no limit is given. */
  long?: boolean;
  /** Milliseconds until the answer, of a stream until its beginning. @default 60000 */
  limit?: number;
  /** Milliseconds that a stream may pause. @default any */
  stall?: number;
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

/** Whether it failed because the engine did not answer. */
export const isAway = (error: unknown): boolean => (error instanceof EngineError ? error.status === 0 : error instanceof Error && isAway(error.cause));

/** Whether it failed because there is no socket of an engine. */
export function isMissing(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: string; cause?: unknown };
  return code === "ENOENT" || (cause !== undefined && isMissing(cause));
}

/**
 * Docker's API, as far as containers of actions need it. A client of our own: the usual library brings those of SSH and gRPC
 * along, one of which has to be compiled; see docs/decisions/0014-docker-driver.md.
 */
export class Engine {
  private readonly calls: Pool;
  private readonly long: Pool;
  closed = false;

  /** @param host as `DOCKER_HOST` has it: `unix:///var/run/docker.sock`, `tcp://host:2375` */
  constructor(readonly host: string) {
    const { origin, socketPath } = parseHost(host);
    const common = { connect: socketPath === undefined ? {} : { socketPath }, pipelining: 1, headersTimeout: 0, bodyTimeout: 0, allowH2: false };
    this.calls = new Pool(origin, { ...common, connections: CALLS });
    this.long = new Pool(origin, common);
  }

  /**
   * @returns the answer, undefined if it is empty
   * @throws EngineError
   */
  async call<T = undefined>(method: "GET" | "POST" | "DELETE", path: string, options: CallOptions = {}): Promise<T> {
    const { again = method === "GET", long = false, limit = long ? undefined : CALL_LIMIT } = options;
    for (let attempt = 0; ; attempt++) {
      const patience = new Patience(limit, options.signal);
      try {
        const { body } = await this.send(method, path, { ...options, signal: patience.signal });
        const text = await body.text();
        return (text === "" ? undefined : JSON.parse(text)) as T;
      } catch (error) {
        const failure = this.failure(error);
        // One that is there and does not answer does not answer sooner when it is asked again.
        if (!isAway(failure) || !again || patience.signal.aborted || attempt === PAUSES.length) throw failure;
        await new Promise((resolve) => setTimeout(resolve, PAUSES[attempt]));
      } finally {
        patience.end();
      }
    }
  }

  /** Bytes as they come, until the engine ends them. @throws EngineError */
  async stream(method: "GET" | "POST", path: string, options: CallOptions = {}): Promise<Readable> {
    const patience = new Patience(options.limit ?? CALL_LIMIT, options.signal);
    try {
      return (await this.send(method, path, { ...options, long: true, signal: patience.signal })).body;
    } catch (error) {
      throw this.failure(error);
    } finally {
      patience.end();
    }
  }

  /** What a call, or the reading of a stream, failed with. */
  failure(error: unknown): EngineError {
    if (error instanceof EngineError) return error;
    const { message, code } = error as Error & { code?: string };
    return new EngineError(0, `the Docker engine at ${this.host} does not answer: ${message || code}`, { cause: error });
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([this.calls.destroy(), this.long.destroy()]);
  }

  private async send(method: Dispatcher.HttpMethod, path: string, { query = {}, body, long = false, stall, signal }: CallOptions): Promise<Dispatcher.ResponseData> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
    const response = await (long ? this.long : this.calls).request({
      method,
      path: search.size > 0 ? `${path}?${search.toString()}` : path,
      headers: body === undefined ? [] : ["content-type", "application/json"],
      body: body === undefined ? undefined : JSON.stringify(body),
      bodyTimeout: stall,
      signal,
    });
    if (response.statusCode < 400) return response;
    throw new EngineError(response.statusCode, messageIn(await response.body.text()));
  }
}

/** How long an answer is waited for. */
class Patience {
  readonly signal: AbortSignal;
  private readonly timer: NodeJS.Timeout | undefined;

  /** @param limit milliseconds. @param other what ends the wait, and what comes after it, as well */
  constructor(limit: number | undefined, other: AbortSignal | undefined) {
    const late = new AbortController();
    if (limit !== undefined) this.timer = setTimeout(() => late.abort(new Error(`it has taken more than ${limit} ms`)), limit);
    this.signal = other ? AbortSignal.any([late.signal, other]) : late.signal;
  }

  end(): void {
    clearTimeout(this.timer);
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
