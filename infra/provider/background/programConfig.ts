import type { ResourceDescription } from "../description";
import type { Properties } from "../resource";
import type { Credentials, Keys } from "./keys";
import { toSettings, type Settings } from "./settings";

/** The configuration file of the platform's program; other kinds of platforms have more in it. */
export interface ProgramConfig extends Pick<Settings, "host" | "port" | "memory" | "idleTimeout" | "retention" | "prewarm" | "logLevel"> {
  /** Absolute. */
  dataDir: string;
  namespaces: Credentials[];
  adminKey?: string;
  secret?: string;
}

/** Says that a folder is a platform's, and which one's. Nothing without it is ever taken over or removed. */
export interface Owner {
  urn: string;
  /** Digest of the programs that were started last. */
  program: string;
  /** Path of Node, if the user chose one. */
  node?: string;
}

/** Inputs that the program does not know, or knows in another form. */
const NOT_PASSED_ON = new Set(["dataDir", "namespace", "node"]);

const passedOn = ({ properties }: ResourceDescription): string[] => Object.keys(properties).filter((name) => properties[name]?.input && !NOT_PASSED_ON.has(name));

const pick = (values: Properties, names: readonly string[]): Properties => Object.fromEntries(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));

/** @param dataDir absolute */
export function toConfig(description: ResourceDescription, settings: Settings, dataDir: string, { credentials, adminKey, secret }: Keys): ProgramConfig {
  const passed = pick({ ...settings }, passedOn(description)) as unknown as ProgramConfig;
  return { ...passed, dataDir, namespaces: [credentials], ...(adminKey !== undefined && { adminKey }), ...(secret !== undefined && { secret }) };
}

/** The reverse. @param dataDir as the user wrote it */
export function fromConfig(description: ResourceDescription, config: ProgramConfig, dataDir: string, { program, node }: Owner): { settings: Settings; keys: Keys } {
  const keys = keysIn(config);
  const settings = { ...pick({ ...config }, passedOn(description)), dataDir, namespace: keys.credentials.name, program, ...(node !== undefined && { node }) };
  return { settings: toSettings(settings), keys };
}

export function keysIn({ namespaces: [credentials], adminKey, secret }: ProgramConfig): Keys {
  return { credentials: credentials!, ...(adminKey !== undefined && { adminKey }), ...(secret !== undefined && { secret }) };
}
