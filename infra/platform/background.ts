import * as pulumi from "@pulumi/pulumi";
import type { Duration } from "./duration";
import type { Size } from "./size";

/** What a namespace may ask of the platform, all controllers together. What is left out has no limit. */
export interface NamespaceLimits {
  concurrentInvocations?: pulumi.Input<number>;
  invocationsPerMinute?: pulumi.Input<number>;
  /** Of triggers. */
  firesPerMinute?: pulumi.Input<number>;
}

/** The options of every platform on one's own machine. */
export interface BackgroundPlatformArgs {
  /**
   * The address of this machine to listen on. The platform runs code of whoever has its key, without a container around
   * it, so think twice before opening it to a network.
   *
   * @default `"127.0.0.1"`
   */
  host?: pulumi.Input<string>;
  /**
   * The folder for what the platform keeps on this machine, relative to the project. It must be a new or an empty one,
   * and `pulumi destroy` removes it. Changing it replaces the platform: the data goes.
   *
   * @default `.stackwhisk/<stack>`; once chosen it stays, whatever the stack is renamed to
   */
  dataDir?: pulumi.Input<string>;
  /**
   * How long an idle container is kept warm, in seconds if it is a number.
   *
   * @default `"10 minutes"`
   */
  idleTimeout?: pulumi.Input<Duration | number>;
  /**
   * How long activation records are kept after their end, in seconds if it is a number. Dead letters stay until they are
   * purged.
   *
   * @default `"7 days"`
   */
  retention?: pulumi.Input<Duration | number>;
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
   * What a namespace may ask that has no limits of its own (see `Namespace`).
   *
   * @default none
   */
  limits?: pulumi.Input<NamespaceLimits>;
  /**
   * Allow more than one namespace. The platform runs the code of all as processes of one user, without a container around it,
   * so whoever can deploy in one of them can read what is in the others: only for those who trust each other.
   *
   * @default `false`
   */
  allowSharedProcesses?: pulumi.Input<boolean>;
  /**
   * Absolute path of Node, version 24 or later.
   *
   * @default the Node that runs Pulumi's provider
   */
  node?: pulumi.Input<string>;
}

/** What `memory` may be: of whom it is differs. */
export type Memory = pulumi.Input<Size | number>;

/** Every option by name: those that are left out become outputs of the resource too. */
export const BACKGROUND_OPTIONS = ["host", "port", "dataDir", "memory", "idleTimeout", "retention", "prewarm", "logLevel", "namespace", "limits", "allowSharedProcesses", "node"] as const;

/** A platform in the background of this machine. It outlives Pulumi and the terminal; after a reboot `pulumi up` starts it again. */
export abstract class BackgroundPlatform extends pulumi.CustomResource {
  /** URL of the REST API, such as `http://127.0.0.1:3233`. */
  declare readonly apiHost: pulumi.Output<string>;
  /** The namespace's key, `uuid:key`; a secret. */
  declare readonly auth: pulumi.Output<string>;
  /** Opens the admin API, for namespaces, their keys and limits: `adminKey` of a `Provider`; a secret. */
  declare readonly adminKey: pulumi.Output<string>;
  /** The namespace that `auth` belongs to. */
  declare readonly namespace: pulumi.Output<string>;
  /** The folder of what it keeps here, relative to the project unless it was given as an absolute one. */
  declare readonly dataDir: pulumi.Output<string>;
  /** The platform's log, lines of JSON; relative to the project like `dataDir`. */
  declare readonly logFile: pulumi.Output<string>;
  /** Whether the process was alive and healthy when Pulumi last looked. */
  declare readonly running: pulumi.Output<boolean>;

  /** @param secrets outputs that are secret besides `auth` and `adminKey` */
  protected constructor(type: string, name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions, secrets: readonly string[] = []) {
    const secretOutputs = ["auth", "adminKey", ...secrets];
    const outputs = Object.fromEntries([...secretOutputs, "apiHost", "logFile", "running"].map((output) => [output, undefined]));
    super(type, name, { ...inputs, ...outputs }, pulumi.mergeOptions({ additionalSecretOutputs: secretOutputs }, opts));
  }
}

/** The values of these options alone: what else an object has is none of them. */
export function pick<T extends object, K extends keyof T>(args: T, options: readonly K[]): { [O in K]: T[O] } {
  return Object.fromEntries(options.map((option) => [option, args[option]])) as { [O in K]: T[O] };
}
