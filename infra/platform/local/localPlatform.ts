import * as pulumi from "@pulumi/pulumi";
import { BACKGROUND_OPTIONS, BackgroundPlatform, type BackgroundPlatformArgs, type Memory, pick } from "../background";

/** The options of a platform on one's own machine. */
export interface LocalPlatformArgs extends BackgroundPlatformArgs {
  /**
   * The TCP port of the REST API.
   *
   * @default `3233`
   */
  port?: pulumi.Input<number>;
  /**
   * What all running actions may use together, in MB if it is a number. When it is used up, the container that has been
   * idle for longest makes room.
   *
   * @default `"2048 MB"`
   */
  memory?: Memory;
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
export class LocalPlatform extends BackgroundPlatform {
  static readonly __pulumiType = "stackwhisk:index:LocalPlatform";

  constructor(name: string, args: LocalPlatformArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    super(LocalPlatform.__pulumiType, name, pick(args, BACKGROUND_OPTIONS), opts);
  }
}
