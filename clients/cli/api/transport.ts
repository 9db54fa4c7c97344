import { CliError, EXIT } from "../errors";

/** One HTTP exchange, as far as the CLI needs it. Tests may pass their own. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

/** A certificate of the client and its key, in PEM. */
export interface Identity {
  cert: string;
  key: string;
}

export interface HttpRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Accept certificates that do not verify. */
  insecure: boolean;
  /** What the client shows when it is asked for a certificate. */
  identity?: Identity;
  signal?: AbortSignal;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** Longer than the longest blocking invocation, in milliseconds. */
const answerTimeout = 330_000;

/**
 * The transport over undici, which is loaded at the first request so that `--help` does not wait for it. As with the
 * official CLI, `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` hold, except for what is on this machine.
 */
export function undiciTransport(env: NodeJS.ProcessEnv): Transport {
  return async ({ method, url, headers, body, insecure, identity, signal }) => {
    const { Agent, EnvHttpProxyAgent, request } = await import("undici");
    const tls = { rejectUnauthorized: !insecure, ...identity };
    const options = { connect: { ...tls, timeout: 10_000 }, headersTimeout: answerTimeout, bodyTimeout: answerTimeout };
    const proxies = proxiesFor(url, env);
    const dispatcher = proxies ? new EnvHttpProxyAgent({ ...options, requestTls: tls, ...proxies }) : new Agent(options);
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

/** The proxies that the environment names; undefined if none is meant for a URL. */
function proxiesFor(url: string, env: NodeJS.ProcessEnv) {
  const httpProxy = proxyUrl(env.HTTP_PROXY ?? env.http_proxy);
  const httpsProxy = proxyUrl(env.HTTPS_PROXY ?? env.https_proxy);
  const { protocol, hostname } = new URL(url);
  const local = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  if (local || !(protocol === "https:" ? httpsProxy : httpProxy)) return undefined;
  return { httpProxy, httpsProxy, noProxy: env.NO_PROXY ?? env.no_proxy ?? "" };
}

/** A proxy may be named without a scheme: `10.0.0.1:8080`. */
const proxyUrl = (proxy = ""): string => (proxy === "" || proxy.includes("://") ? proxy : `http://${proxy}`);

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
