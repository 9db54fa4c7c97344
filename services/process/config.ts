import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { AdminSettings } from "../controller/routes/admin/settings";
import { SYSTEM_NAMESPACE } from "./seed";
import { StartError } from "./startError";

const namespace = z.strictObject({
  name: z.string().regex(/^\w[\w@.-]{0,254}$/, "must be letters, digits and _ @ . -"),
  uuid: z.uuid(),
  /** The secret part of the key. */
  key: z.string().min(32, "must have at least 32 characters"),
});

const dockerName = z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/, "must be letters, digits and _ . -, beginning with a letter or digit");

const limit = z.int().min(0).optional();

/** Settings that a platform has whatever it is made of. */
export const platformFields = {
  host: z.string().min(1).default("127.0.0.1"),
  /** 0: any free port. */
  port: z.int().min(0).max(65535).default(3233),
  /** Where everything is kept. */
  dataDir: z.string().min(1).refine(path.isAbsolute, "must be an absolute path"),
  namespaces: z.array(namespace).min(1, "needs at least one namespace").default([]),
  /** Opens the admin API. @default STACKWHISK_ADMIN_KEY of the environment; without either there is no admin API */
  adminKey: z.string().regex(/^\S{32,256}$/, "must have 32 to 256 characters, and no blanks").optional(),
  /** What a namespace without limits of its own may ask of the whole platform; left out: as much as it likes. */
  limits: z.strictObject({ concurrentInvocations: limit, invocationsPerMinute: limit, firesPerMinute: limit }).default({}),
  /** MB for all containers of an invoker together. */
  memory: z.int().min(128, "must be at least 128 MB, the memory of the smallest action").default(2048),
  /** Seconds after which an idle container goes. */
  idleTimeout: z.number().positive().default(600),
  /** Seconds for which activation records are kept after their end. Dead letters stay until they are purged. */
  retention: z.number().positive().default(7 * 24 * 3600),
  /** Keep a runtime ready for kinds in use. */
  prewarm: z.boolean().default(true),
  logLevel: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  /** What actions run in: processes of this machine's user, or containers of a Docker engine. */
  driver: z.enum(["process", "docker"]).default("process"),
  docker: z
    .strictObject({
      /** Where the engine is. @default DOCKER_HOST of the environment, or Docker's usual socket */
      host: z.string().regex(/^(unix:\/\/\/|tcp:\/\/).+/, "must be unix:///path/of/the.sock or tcp://host:port").optional(),
      /** The network of the actions' containers; made if it is not there. @default one for each platform */
      network: dockerName.optional(),
      /** When images are pulled: see docs/docker.md. */
      pull: z.enum(["latest", "missing", "always", "never"]).default("latest"),
      /** Where the runtimes' images are, in the place of what their manifest says. */
      registry: z.string().min(1).optional(),
      prefix: z.string().min(1).optional(),
    })
    .default({ pull: "latest" }),
  /**
   * The process driver isolates APIs, not code: whoever can deploy an action can read what the platform's user can.
   * More than one namespace, beside the platform's own `whisk.system`, has to be asked for.
   */
  allowSharedProcesses: z.boolean().default(false),
};

type Fields = z.ZodObject<typeof platformFields>;

const SHARED_PROCESSES = "the process driver does not keep their code apart. Set 'allowSharedProcesses' to true if they trust each other.";

/** Several namespaces are all right. */
const mayShare = ({ driver, allowSharedProcesses }: Pick<z.output<Fields>, "driver" | "allowSharedProcesses">): boolean => driver !== "process" || allowSharedProcesses;

/** How the admin API of a platform with this configuration is set up. */
export function adminSettings(config: Pick<z.output<Fields>, "adminKey" | "namespaces" | "allowSharedProcesses" | "driver">): AdminSettings {
  const isTenant = (name: string) => name !== SYSTEM_NAMESPACE;
  return {
    key: config.adminKey ?? environmentKey(),
    permanent: [...config.namespaces.map(({ name }) => name), SYSTEM_NAMESPACE],
    refuseAnother: (present) => (present.some(isTenant) && !mayShare(config) ? `There is a namespace already (${present.filter(isTenant).join(", ")}), and ${SHARED_PROCESSES}` : undefined),
  };
}

/** @throws StartError when it cannot be used */
function environmentKey(): string | undefined {
  const key = process.env.STACKWHISK_ADMIN_KEY;
  if (key === undefined || key === "") return undefined;
  if (!platformFields.adminKey.safeParse(key).success) throw new StartError("STACKWHISK_ADMIN_KEY of the environment is wrong: it must have 32 to 256 characters, and no blanks", 2);
  return key;
}

/** @throws StartError that names the property */
export function parseConfig<S extends z.ZodType<z.output<Fields>>>(schema: S, value: unknown, source = "the configuration"): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) {
    const reasons = result.error.issues.map(({ path: at, message }) => `${at.length > 0 ? `'${at.join(".")}' ` : ""}${message}`);
    throw new StartError(`${source} is wrong: ${reasons.join("; ")}`, 2);
  }
  const config = result.data;
  const tenants = config.namespaces.filter(({ name }) => name !== SYSTEM_NAMESPACE);
  if (tenants.length > 1 && !mayShare(config)) throw new StartError(`${source} is wrong: 'namespaces' has ${tenants.length} entries, but ${SHARED_PROCESSES}`, 2);
  return config;
}

/** @throws StartError when the file cannot be read or is wrong */
export function readConfig<S extends z.ZodType<z.output<Fields>>>(schema: S, file: string): z.output<S> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new StartError(`the configuration ${file} cannot be read: ${(error as Error).message}`, 2);
  }
  try {
    return parseConfig(schema, JSON.parse(text), `the configuration ${file}`);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`the configuration ${file} is not JSON: ${(error as Error).message}`, 2);
  }
}
