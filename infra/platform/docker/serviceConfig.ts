import * as pulumi from "@pulumi/pulumi";
import type { NamespaceLimits } from "../background";
import { toSeconds } from "../duration";
import { toMegabytes } from "../size";
import type { PlatformKeys } from "./keys";

/** What controllers and invokers are told, as people write it. */
export interface ServiceOptions {
  memory?: pulumi.Input<number | string>;
  idleTimeout?: pulumi.Input<number | string>;
  retention?: pulumi.Input<number | string>;
  prewarm?: pulumi.Input<boolean>;
  logLevel?: pulumi.Input<string>;
  limits?: pulumi.Input<NamespaceLimits>;
}

export interface ServiceConfigArgs {
  /** Begins the names on the broker, and is the database's unless that has one of its own. */
  name: string;
  keys: PlatformKeys;
  rabbitmq: { url: pulumi.Input<string> };
  mongodb: { url: pulumi.Input<string>; database?: pulumi.Input<string> };
  options: ServiceOptions;
}

/** The port of the REST API in the containers. */
export const API_PORT = 3233;
/** Where controllers and invokers tell how they are; their images' health checks ask there. */
export const ADMIN_PORT = 3239;
/** Where their images look for the configuration. */
export const CONFIG_FILE = "/etc/stackwhisk/config.json";
/** Where they look for the kinds of actions. */
export const MANIFEST_FILE = "/opt/stackwhisk/runtimes/manifest.json";

/** The configuration of a controller or an invoker: see `services/distributed/config.ts`. */
export type ServiceConfig = Record<string, unknown>;

/** The configuration that all controllers and invokers of a platform share; a secret, for keys and passwords are in it. */
export function serviceConfig({ name, keys, rabbitmq, mongodb, options }: ServiceConfigArgs): pulumi.Output<ServiceConfig> {
  const { memory, idleTimeout, retention, prewarm, logLevel, limits } = options;
  const { namespace, auth, adminKey, signingSecret } = keys;
  const inputs = pulumi.output({ name, namespace, auth, adminKey, signingSecret, rabbitmq, mongodb, memory, idleTimeout, retention, prewarm, logLevel, limits });
  const config = inputs.apply((known): ServiceConfig => {
    const [uuid, key] = known.auth.split(":");
    return withoutMissing({
      name: known.name,
      host: "0.0.0.0",
      port: API_PORT,
      adminPort: ADMIN_PORT,
      // Nothing is kept there: it is all in the database.
      dataDir: "/tmp",
      namespaces: [{ name: known.namespace, uuid, key }],
      adminKey: known.adminKey,
      secret: known.signingSecret,
      rabbitmq: withoutMissing({ url: known.rabbitmq.url }),
      mongodb: withoutMissing({ url: known.mongodb.url, database: known.mongodb.database }),
      memory: resolved("memory", toMegabytes, known.memory),
      idleTimeout: resolved("idleTimeout", toSeconds, known.idleTimeout),
      retention: resolved("retention", toSeconds, known.retention),
      prewarm: known.prewarm,
      logLevel: known.logLevel,
      limits: known.limits,
      driver: "docker",
    });
  });
  // All of it is known: nothing in it is an output that had to be unwrapped.
  return pulumi.secret(config) as unknown as pulumi.Output<ServiceConfig>;
}

/** @throws RunError that names the option */
export function resolved(option: string, convert: (value: unknown) => number, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  try {
    return convert(value);
  } catch (error) {
    throw new pulumi.RunError(`\`${option}\`: ${(error as Error).message}`);
  }
}

const withoutMissing = (values: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
