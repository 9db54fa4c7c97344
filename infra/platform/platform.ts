import * as pulumi from "@pulumi/pulumi";
import { ClusterPlatform } from "./cluster/clusterPlatform";
import type { ClusterTargetArgs } from "./cluster/clusterTarget";
import { DockerPlatform } from "./docker/dockerPlatform";
import type { DockerTargetArgs } from "./docker/dockerTarget";
import { LocalPlatform } from "./local/localPlatform";
import type { LocalTargetArgs } from "./local/localTarget";
import { checkPlatformArgs } from "./platformArgs";
import { applyTransform } from "./transform";

export type PlatformArgs = LocalTargetArgs | ClusterTargetArgs | DockerTargetArgs;

/**
 * An event-driven function platform with OpenWhisk's REST API.
 *
 * @example On this machine, with the defaults:
 * ```ts
 * const platform = new stackwhisk.Platform("platform", { target: "local" });
 * export const apiHost = platform.apiHost;
 * export const auth = platform.auth;
 * ```
 *
 * @example With less memory, on another port, and protected against `pulumi destroy`:
 * ```ts
 * new stackwhisk.Platform("platform", {
 *   target: "local",
 *   port: 4000,
 *   memory: "512 MB",
 *   transform: { localPlatform: (args, opts) => { opts.protect = true; } },
 * });
 * ```
 *
 * @example On a message broker and a database that run already, as several processes:
 * ```ts
 * new stackwhisk.Platform("platform", {
 *   target: "cluster",
 *   rabbitmq: { url: config.requireSecret("rabbitmqUrl") },
 *   mongodb: { url: config.requireSecret("mongodbUrl") },
 *   invokers: 3,
 * });
 * ```
 *
 * @example On a Docker engine, with a broker and a database of its own, each action in a container:
 * ```ts
 * new stackwhisk.Platform("platform", { target: "docker", invokers: 3, memory: "4 GB" });
 * ```
 *
 * @example Functions on it, in the same program:
 * ```ts
 * const provider = new stackwhisk.Provider("platform", { apiHost: platform.apiHost, auth: platform.auth });
 * new stackwhisk.Action("greet", { code: "./greet.ts" }, { provider });
 * ```
 */
export class Platform extends pulumi.ComponentResource {
  /** URL of the REST API, such as `http://127.0.0.1:3233`. */
  readonly apiHost: pulumi.Output<string>;
  /** Key of the platform's first namespace, `uuid:key`; a secret. */
  readonly auth: pulumi.Output<string>;
  /** Opens the admin API, for namespaces, their keys and limits; a secret. */
  readonly adminKey: pulumi.Output<string>;

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    checkPlatformArgs(name, args);
    super("stackwhisk:platform:Platform", name, {}, opts);

    const platform = createPlatform(this, name, args);

    this.apiHost = platform.apiHost;
    this.auth = pulumi.secret(platform.auth);
    this.adminKey = pulumi.secret(platform.adminKey);
    this.registerOutputs({ apiHost: this.apiHost, auth: this.auth, adminKey: this.adminKey });
  }
}

function createPlatform(parent: Platform, name: string, args: PlatformArgs): Pick<Platform, "apiHost" | "auth" | "adminKey"> {
  if (args.target === "docker") {
    const { target: _, ...options } = args;
    return new DockerPlatform(name, options, { parent });
  }
  if (args.target === "cluster") {
    const { target: _, transform, ...options } = args;
    return new ClusterPlatform(name, ...applyTransform(transform?.clusterPlatform, options, { parent }));
  }
  const { target: _, transform, ...options } = args;
  return new LocalPlatform(name, ...applyTransform(transform?.localPlatform, options, { parent }));
}
