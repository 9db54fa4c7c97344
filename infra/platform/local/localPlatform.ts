import * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../duration";
import type { Size } from "../size";

/** The options of a platform on one's own machine. */
export interface LocalPlatformArgs {
  /**
   * The address of this machine to listen on. The platform runs code of whoever has its key, without a container around
   * it, so think twice before opening it to a network.
   *
   * @default `"127.0.0.1"`
   */
  host?: pulumi.Input<string>;
  /**
   * The TCP port of the REST API.
   *
   * @default `3233`
   */
  port?: pulumi.Input<number>;
  /**
   * The folder for all of the platform's data and its log, relative to the project. It must be a new or an empty one,
   * and `pulumi destroy` removes it. Changing it replaces the platform: the data goes.
   *
   * @default `.stackwhisk/<stack>`; once chosen it stays, whatever the stack is renamed to
   */
  dataDir?: pulumi.Input<string>;
  /**
   * What all running actions may use together, in MB if it is a number. When it is used up, the container that has been
   * idle for longest makes room.
   *
   * @default `"2048 MB"`
   */
  memory?: pulumi.Input<Size | number>;
  /**
   * How long an idle container is kept warm, in seconds if it is a number.
   *
   * @default `"10 minutes"`
   */
  idleTimeout?: pulumi.Input<Duration | number>;
  /**
   * Keep containers of the most used kinds ready before they are asked for: the first run of an action is then quicker,
   * and an idle platform needs more memory.
   *
   * @default `true`
   */
  prewarm?: pulumi.Input<boolean>;
  /**
   * The least level that is logged.
   *
   * @default `"info"`
   */
  logLevel?: pulumi.Input<"trace" | "debug" | "info" | "warn" | "error" | "fatal">;
  /**
   * The namespace that `auth` belongs to. Changing it replaces the platform: the data goes.
   *
   * @default `"guest"`
   */
  namespace?: pulumi.Input<string>;
  /**
   * Absolute path of Node, version 24 or later.
   *
   * @default the Node that runs Pulumi's provider
   */
  node?: pulumi.Input<string>;
}

/**
 * The platform as one background process on this machine: controller, invoker and stores, without Docker, broker or
 * database. It outlives Pulumi and the terminal; after a reboot `pulumi up` starts it again with all of its data.
 *
 * Most programs want the {@link Platform} component, which has this as its child.
 *
 * @example
 * ```ts
 * const platform = new stackwhisk.LocalPlatform("platform", { port: 4000, memory: "1 GB" });
 * export const apiHost = platform.apiHost;
 * ```
 *
 * An existing one is imported by its data directory: `pulumi import stackwhisk:index:LocalPlatform platform .stackwhisk/local`.
 */
export class LocalPlatform extends pulumi.CustomResource {
  static readonly __pulumiType = "stackwhisk:index:LocalPlatform";

  /** URL of the REST API, such as `http://127.0.0.1:3233`. */
  declare readonly apiHost: pulumi.Output<string>;
  /** The namespace's key, `uuid:key`; a secret. */
  declare readonly auth: pulumi.Output<string>;
  /** The namespace that `auth` belongs to. */
  declare readonly namespace: pulumi.Output<string>;
  /** The folder of all data, relative to the project unless it was given as an absolute one. */
  declare readonly dataDir: pulumi.Output<string>;
  /** The platform's log, lines of JSON; relative to the project like `dataDir`. */
  declare readonly logFile: pulumi.Output<string>;
  /** Whether the process was alive and healthy when Pulumi last looked. */
  declare readonly running: pulumi.Output<boolean>;

  constructor(name: string, args: LocalPlatformArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    const outputs = { apiHost: undefined, auth: undefined, logFile: undefined, running: undefined };
    super(LocalPlatform.__pulumiType, name, { ...inputsOf(args), ...outputs }, pulumi.mergeOptions({ additionalSecretOutputs: ["auth"] }, opts));
  }
}

/** All of the options by name: those that are left out become outputs of the resource too. */
function inputsOf(args: LocalPlatformArgs): Record<keyof LocalPlatformArgs, unknown> {
  const { host, port, dataDir, memory, idleTimeout, prewarm, logLevel, namespace, node } = args;
  return { host, port, dataDir, memory, idleTimeout, prewarm, logLevel, namespace, node };
}
