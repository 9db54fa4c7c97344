/**
 * The provider's configuration: which platform, and the key to it. Program and stack configuration come first, then
 * what every other OpenWhisk client reads: the environment, then the properties file.
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { checkTypes, type ResourceDescription } from "./description";
import { UNKNOWN, type CheckFailure, type Properties } from "./resource";

export const configDescription: ResourceDescription = {
  description: "Where the platform is that the resources live on, and the key to it.",
  properties: {
    apiHost: {
      type: "string",
      input: "optional",
      description: "URL of the platform, such as `http://127.0.0.1:3233`; without a scheme it is `https`. Default: WHISK_APIHOST, then APIHOST in ~/.wskprops (or the file that WSK_CONFIG_FILE names).",
    },
    auth: {
      type: "string",
      input: "optional",
      secret: true,
      description: "The namespace's key, `uuid:key`. Default: WHISK_AUTH, then AUTH in ~/.wskprops (or the file that WSK_CONFIG_FILE names).",
    },
    adminKey: { type: "string", input: "optional", secret: true, description: "The platform's admin key, for namespaces alone. Default: STACKWHISK_ADMIN_KEY." },
    insecure: { type: "boolean", input: "optional", description: "Accept a TLS certificate that no known authority signed.", default: false },
  },
};

export interface Endpoint {
  /** Without a slash at the end. */
  apiHost: string;
  /** Absent: only an admin key was given. */
  auth?: string;
  adminKey?: string;
  insecure: boolean;
}

/** What the configuration comes to: an endpoint, UNKNOWN at preview, or why there is none. */
export type Resolved = Endpoint | typeof UNKNOWN | Error;

/** Names of properties that a preview does not know, comma-separated; only ever there at a preview. */
const NOT_KNOWN_YET = "notKnownYet";

/**
 * Unknown values as a list of their names. The engine asks nothing of a provider whose configuration has an unknown value,
 * so code that does not parse would pass the preview; this way resources are checked and compared all the same.
 */
export function hideUnknowns(inputs: Properties): Properties {
  const unknown = Object.keys(inputs).filter((name) => inputs[name] === UNKNOWN);
  if (unknown.length === 0) return inputs;
  const known = Object.entries(inputs).filter(([, value]) => value !== UNKNOWN);
  return { ...Object.fromEntries(known), [NOT_KNOWN_YET]: unknown.join(",") };
}

/** The reverse of `hideUnknowns`. */
export function showUnknowns({ [NOT_KNOWN_YET]: names, ...inputs }: Properties): Properties {
  if (typeof names !== "string") return inputs;
  return { ...inputs, ...Object.fromEntries(names.split(",").map((name) => [name, UNKNOWN])) };
}

export function checkConfig(inputs: Properties): CheckFailure[] {
  const failures = checkTypes(configDescription.properties, withBooleans(inputs));
  if (failures.length > 0) return failures;
  const { apiHost, auth, adminKey } = inputs;
  if (typeof apiHost === "string" && !isUrl(apiHost)) failures.push({ property: "apiHost", reason: `must be a URL such as http://127.0.0.1:3233, not ${JSON.stringify(apiHost)}` });
  // The value is a secret: the message must not repeat it.
  if (typeof auth === "string" && !/^[^:\s]+:\S+$/.test(auth)) failures.push({ property: "auth", reason: "must have the form uuid:key" });
  if (typeof adminKey === "string" && !/^\S{32,}$/.test(adminKey)) failures.push({ property: "adminKey", reason: "must have at least 32 characters, and no blanks" });
  return failures;
}

export function resolveConfig(inputs: Properties, environment: NodeJS.ProcessEnv = process.env): Resolved {
  if ([inputs.apiHost, inputs.auth, inputs.adminKey].includes(UNKNOWN)) return UNKNOWN;
  const file = lazily(() => readPropertiesFile(environment));
  const apiHost = (inputs.apiHost as string | undefined) ?? environment.WHISK_APIHOST ?? file().APIHOST;
  const auth = (inputs.auth as string | undefined) ?? environment.WHISK_AUTH ?? file().AUTH;
  if (!apiHost) return new Error(missing("apiHost", "WHISK_APIHOST"));
  const adminKey = (inputs.adminKey as string | undefined) ?? environment.STACKWHISK_ADMIN_KEY;
  if (!auth && !adminKey) return noAuth();
  return { apiHost: normalizeUrl(apiHost), ...(auth && { auth }), ...(adminKey && { adminKey }), insecure: withBooleans(inputs).insecure === true };
}

export const noAuth = (): Error => new Error(missing("auth", "WHISK_AUTH"));
export const noAdminKey = (): Error => new Error(missing("adminKey", "STACKWHISK_ADMIN_KEY"));

function missing(property: string, variable: string): string {
  return (
    `the stackwhisk provider has no ${property}: pass it to a provider (new stackwhisk.Provider("platform", { apiHost, auth })), ` +
    `set it with "pulumi config set${property === "apiHost" ? "" : " --secret"} stackwhisk:${property} …", or set ${variable} (of a platform started here: eval "$(npm run -s env)")`
  );
}

/** Stack configuration arrives as strings. */
function withBooleans(inputs: Properties): Properties {
  const { insecure } = inputs;
  return insecure === "true" || insecure === "false" ? { ...inputs, insecure: insecure === "true" } : inputs;
}

function normalizeUrl(apiHost: string): string {
  const url = /^https?:\/\//.test(apiHost) ? apiHost : `https://${apiHost}`;
  return url.replace(/\/+$/, "");
}

function isUrl(apiHost: string): boolean {
  const url = normalizeUrl(apiHost);
  return !/\s/.test(apiHost) && URL.canParse(url) && new URL(url).hostname !== "";
}

/** `KEY=value` lines; a file that is not there is empty. */
function readPropertiesFile(environment: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const file = environment.WSK_CONFIG_FILE ?? path.join(environment.HOME ?? homedir(), ".wskprops");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return {};
  }
  const entries = text.split("\n").map((line) => /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(entries.filter((entry) => entry !== null).map(([, key, value]) => [key, value]));
}

function lazily<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
