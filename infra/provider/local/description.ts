import type { ResourceDescription } from "../description";
import { DEFAULTS, LOG_LEVELS } from "./settings";

/** The properties of a local platform. Units are resolved by the check: `memory` is then MB, `idleTimeout` seconds. */
export const description: ResourceDescription = {
  description: "A platform as one background process on this machine, which outlives Pulumi; all of its data is in one folder.",
  properties: {
    host: { type: "string", input: "optional", present: true, default: DEFAULTS.host, description: "The address of this machine to listen on." },
    port: { type: "integer", input: "optional", present: true, default: DEFAULTS.port, description: "The TCP port of the REST API." },
    dataDir: {
      type: "string",
      input: "optional",
      present: true,
      replaces: true,
      description: "The folder for all data, relative to the project. Deleting the platform removes it. Default: `.stackwhisk/<stack>`, and once chosen it stays.",
    },
    memory: {
      type: { oneOf: ["integer", "string"] },
      input: "optional",
      present: true,
      default: DEFAULTS.memory,
      description: 'What all running actions may use together: MB, or such as "2 GB".',
    },
    idleTimeout: {
      type: { oneOf: ["integer", "string"] },
      input: "optional",
      present: true,
      default: DEFAULTS.idleTimeout,
      description: 'How long an idle container is kept warm: seconds, or such as "10 minutes".',
    },
    prewarm: { type: "boolean", input: "optional", present: true, default: DEFAULTS.prewarm, description: "Keep containers of the most used kinds ready before they are asked for." },
    logLevel: { type: "string", input: "optional", present: true, default: DEFAULTS.logLevel, values: LOG_LEVELS, description: "The least level that is logged." },
    namespace: { type: "string", input: "optional", present: true, replaces: true, default: DEFAULTS.namespace, description: "The namespace that `auth` belongs to." },
    node: { type: "string", input: "optional", description: "Path of Node, version 24 or later. Default: the one that runs Pulumi's provider." },
    program: { type: "string", checked: true, present: true, description: "Digest of the platform's program: a new build of it restarts the process." },
    apiHost: { type: "string", present: true, description: "URL of the REST API." },
    auth: { type: "string", present: true, secret: true, description: "The namespace's key, `uuid:key`." },
    logFile: { type: "string", present: true, description: "The platform's log: lines of JSON, relative to the project like `dataDir`." },
    running: { type: "boolean", present: true, description: "Whether the process was alive and healthy when it was last looked at." },
  },
};
