import type { PropertyDescription } from "../description";
import { DEFAULTS, LOG_LEVELS } from "./settings";

type Properties = Record<string, PropertyDescription>;

const limit = (of: string): PropertyDescription => ({ type: "integer", input: "optional", description: `${of}, all controllers together. Default: no limit.` });

/**
 * The inputs that every platform of this machine has. Units are resolved by the check: `memory` is then MB, times are seconds.
 *
 * @param port the default one
 * @param memory whose it is
 */
export const inputProperties = ({ port, memory }: { port: number; memory: string }): Properties => ({
  host: { type: "string", input: "optional", present: true, default: DEFAULTS.host, description: "The address of this machine to listen on." },
  port: { type: "integer", input: "optional", present: true, default: port, description: "The TCP port of the REST API." },
  dataDir: {
    type: "string",
    input: "optional",
    present: true,
    replaces: true,
    description: "The folder for what the platform keeps on this machine, relative to the project. Deleting the platform removes it. Default: `.stackwhisk/<stack>`, and once chosen it stays.",
  },
  memory: {
    type: { oneOf: ["integer", "string"] },
    input: "optional",
    present: true,
    default: DEFAULTS.memory,
    description: `What ${memory} may use together: MB, or such as "2 GB".`,
  },
  idleTimeout: {
    type: { oneOf: ["integer", "string"] },
    input: "optional",
    present: true,
    default: DEFAULTS.idleTimeout,
    description: 'How long an idle container is kept warm: seconds, or such as "10 minutes".',
  },
  retention: {
    type: { oneOf: ["integer", "string"] },
    input: "optional",
    present: true,
    default: DEFAULTS.retention,
    description: 'How long activation records are kept after their end: seconds, or such as "7 days".',
  },
  prewarm: { type: "boolean", input: "optional", present: true, default: DEFAULTS.prewarm, description: "Keep containers of the most used kinds ready before they are asked for." },
  logLevel: { type: "string", input: "optional", present: true, default: DEFAULTS.logLevel, values: LOG_LEVELS, description: "The least level that is logged." },
  namespace: { type: "string", input: "optional", present: true, replaces: true, default: DEFAULTS.namespace, description: "The namespace that `auth` belongs to." },
  limits: {
    type: {
      object: {
        concurrentInvocations: limit("Invocations at the same time"),
        invocationsPerMinute: limit("Invocations in a minute"),
        firesPerMinute: limit("Fires of triggers in a minute"),
      },
    },
    input: "optional",
    description: "What a namespace without limits of its own may ask of the platform.",
  },
  allowSharedProcesses: {
    type: "boolean",
    input: "optional",
    description: "There may be more than one namespace, though the code of all runs as processes of one user, which can read each other's data. Default: false.",
  },
  node: { type: "string", input: "optional", description: "Path of Node, version 24 or later. Default: the one that runs Pulumi's provider." },
});

/** What every platform of this machine tells. */
export const outputProperties: Properties = {
  program: { type: "string", checked: true, present: true, description: "Digest of the platform's programs: a new build of them restarts the process." },
  apiHost: { type: "string", present: true, description: "URL of the REST API." },
  auth: { type: "string", present: true, secret: true, description: "The namespace's key, `uuid:key`." },
  adminKey: { type: "string", present: true, secret: true, description: "Opens the admin API, for namespaces, their keys and limits." },
  logFile: { type: "string", present: true, description: "The platform's log: lines of JSON, relative to the project like `dataDir`." },
  running: { type: "boolean", present: true, description: "Whether the process was alive and healthy when it was last looked at." },
};
