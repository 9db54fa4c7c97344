import { CliError, EXIT, usageError } from "../errors";
import type { Props } from "./wskprops";

/** What a command is told about the platform to talk to; empty strings are what nobody told. */
export interface Settings {
  apiHost: string;
  auth: string;
  namespace: string;
  apiVersion: string;
  /** Files with a certificate and its key, in PEM, with which the client says who it is. */
  cert: string;
  key: string;
}

/** Global flags that have a say in the settings. */
export type SettingFlags = Partial<Record<"apihost" | "auth" | "namespace" | "apiversion" | "cert" | "key", unknown>>;

/** The settings: a flag goes before the environment, which goes before the file. */
export function settingsFrom(flags: SettingFlags, env: NodeJS.ProcessEnv, props: Props): Settings {
  const first = (flag: unknown, ...others: (string | undefined)[]): string =>
    [typeof flag === "string" ? flag : "", ...others].find(Boolean) ?? "";
  return {
    apiHost: first(flags.apihost, env.WHISK_APIHOST, props.APIHOST).replace(/\/+$/, ""),
    auth: first(flags.auth, env.WHISK_AUTH, props.AUTH),
    namespace: first(flags.namespace, env.WHISK_NAMESPACE, props.NAMESPACE, "_"),
    apiVersion: first(flags.apiversion, env.WHISK_APIVERSION, props.APIVERSION, "v1"),
    cert: first(flags.cert, props.CERT),
    key: first(flags.key, props.KEY),
  };
}

/**
 * The URL of an API host: `https` unless it says otherwise.
 *
 * @throws CliError if it is no host
 */
export function hostUrl(apiHost: string): string {
  const written = /^https?:\/\//.test(apiHost) ? apiHost : `https://${apiHost}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (!url || url.search || url.hash)
    throw new CliError(`The API host is not valid: '${apiHost}' is not HOST, HOST:PORT or http(s)://HOST:PORT`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/**
 * Checks that there is something to talk to.
 *
 * @throws CliError that says how to get what is missing
 */
export function checkSettings({ apiHost, auth }: Settings): void {
  if (apiHost && auth) return;
  const flags = [apiHost ? [] : ["--apihost HOST"], auth ? [] : ["--auth KEY"]].flat();
  const how = `In a checkout with a running platform: eval "$(npm run -s env)"; else: whisk property set ${flags.join(" ")}`;
  if (!apiHost) throw usageError(`The API host is not valid: An API host must be provided. ${how}`);
  throw usageError(`Authorization key is not configured (--auth is required). ${how}`, EXIT.usage);
}
