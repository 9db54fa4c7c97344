import { CliError, EXIT } from "../errors";

/** One HTTP exchange, as far as the CLI needs it. Tests may pass their own. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Accept certificates that do not verify. */
  insecure: boolean;
  signal?: AbortSignal;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** Longer than the longest blocking invocation, in milliseconds. */
const answerTimeout = 330_000;

/** The transport over undici, which is loaded at the first request so that `--help` does not wait for it. */
export function undiciTransport(): Transport {
  return async ({ method, url, headers, body, insecure, signal }) => {
    const { Agent, request } = await import("undici");
    const dispatcher = new Agent({
      connect: { rejectUnauthorized: !insecure, timeout: 10_000 },
      headersTimeout: answerTimeout,
      bodyTimeout: answerTimeout,
    });
    try {
      const answer = await request(url, { method: method as "GET", headers, body, signal, dispatcher });
      return { status: answer.statusCode, headers: flat(answer.headers), text: await answer.body.text() };
    } catch (failure) {
      if (signal?.aborted) throw failure;
      throw unreachable(url, failure);
    } finally {
      await dispatcher.destroy();
    }
  };
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}

function unreachable(url: string, failure: unknown): CliError {
  const { code = "", message = String(failure) } = failure as { code?: string; message?: string };
  const certificate = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_/.test(code);
  const hint = certificate ? " ('-i' skips the check of the certificate)" : "";
  return new CliError(`no connection to ${new URL(url).origin}: ${message || code}${hint}`, EXIT.network);
}
