import * as pulumi from "@pulumi/pulumi";
import type { NamespaceLimits } from "../platform/background";
import type { Duration } from "../platform/duration";
import { propertiesOf } from "./inputs";

/** Limits of one namespace. What is left out is as the platform has it for all. */
export interface OwnLimits extends NamespaceLimits {
  /**
   * Kinds that its actions may have, such as `nodejs:24`.
   *
   * @default all
   */
  allowedKinds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * False: its activations cannot be looked at.
   *
   * @default true
   */
  storeActivations?: pulumi.Input<boolean>;
  /** MB that an action must have at least. */
  minActionMemory?: pulumi.Input<number>;
  /** MB that an action may have at most. */
  maxActionMemory?: pulumi.Input<number>;
  /** Milliseconds that an action must be given at least. */
  minActionTimeout?: pulumi.Input<number>;
  /** Milliseconds that an action may be given at most. */
  maxActionTimeout?: pulumi.Input<number>;
  /** MB of logs that an action must be given at least. */
  minActionLogs?: pulumi.Input<number>;
  /** MB of logs that an action may be given at most. */
  maxActionLogs?: pulumi.Input<number>;
  /** Runs at once in one container that an action must allow at least. */
  minActionConcurrency?: pulumi.Input<number>;
  /** Runs at once in one container that an action may allow at most. */
  maxActionConcurrency?: pulumi.Input<number>;
  /** Parameters of an entity together: bytes, or such as `"512 KB"`. */
  maxParameterSize?: pulumi.Input<number | string>;
  /** The body of an invocation or of a trigger fire: bytes, or such as `"512 KB"`. */
  maxPayloadSize?: pulumi.Input<number | string>;
}

export interface NamespaceArgs {
  /**
   * Name on the platform; another one makes a new namespace and deletes the old one.
   *
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
  /**
   * Whom its activations name as their subject.
   *
   * @default the name
   */
  subject?: pulumi.Input<string>;
  /** @default those of the platform */
  limits?: pulumi.Input<OwnLimits>;
  /**
   * Its keys open nothing, and nothing of it is started.
   *
   * @default false
   */
  blocked?: pulumi.Input<boolean>;
  /**
   * Any text, such as a date: another one makes a new key.
   *
   * @default the key stays as it is
   */
  rotation?: pulumi.Input<string>;
  /**
   * How long the key before stays good after a new one was made, in seconds if it is a number: so all who use it have the time
   * to take the new one.
   *
   * @default `"1 hour"`
   */
  overlap?: pulumi.Input<Duration | number>;
  /**
   * When it is deleted, everything in it is deleted too. Otherwise it has to be empty then.
   *
   * @default false
   */
  deleteContents?: pulumi.Input<boolean>;
}

const OUTPUTS = ["uuid", "auth"] as const;

/**
 * A namespace: a tenant of the platform, with its own entities, key and limits. It needs a provider with the platform's
 * `adminKey`.
 *
 * @example A tenant, and an action in it:
 * ```ts
 * const admin = new stackwhisk.Provider("admin", { apiHost: platform.apiHost, adminKey: platform.adminKey });
 * const team = new stackwhisk.Namespace("team", { limits: { invocationsPerMinute: 600, maxActionMemory: 256 } }, { provider: admin });
 * const provider = new stackwhisk.Provider("team", { apiHost: platform.apiHost, auth: team.auth });
 * new stackwhisk.Action("greet", { code: "./greet.ts" }, { provider });
 * ```
 *
 * @example A new key each month; the one before stays good for a day:
 * ```ts
 * new stackwhisk.Namespace("team", { rotation: "2026-12", overlap: "1 day" }, { provider: admin });
 * ```
 *
 * An existing one is imported by its name, `pulumi import stackwhisk:index:Namespace team team`; the next `pulumi up` gives it a key
 * more, because those that it has are known to nobody but who uses them.
 */
export class Namespace extends pulumi.CustomResource {
  static readonly __pulumiType = "stackwhisk:index:Namespace";

  /** Name on the platform. */
  declare readonly name: pulumi.Output<string>;
  /** The user part of its keys. */
  declare readonly uuid: pulumi.Output<string>;
  /** Its key, `uuid:key`; a secret. */
  declare readonly auth: pulumi.Output<string>;
  /** Its own limits. */
  declare readonly limits: pulumi.Output<OwnLimits | undefined>;
  /** Whether its keys open nothing. */
  declare readonly blocked: pulumi.Output<boolean | undefined>;

  /** A namespace that exists, by its name; it is read, not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Namespace {
    return new Namespace(name, {}, { ...opts, id });
  }

  constructor(name: string, args: NamespaceArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    const merged = pulumi.mergeOptions({ additionalSecretOutputs: ["auth"] }, opts);
    super(Namespace.__pulumiType, name, propertiesOf(opts.id ? {} : inputsOf(args), OUTPUTS), merged);
  }
}

function inputsOf({ name, subject, limits, blocked, rotation, overlap, deleteContents }: NamespaceArgs): Record<keyof NamespaceArgs, unknown> {
  return { name, subject, limits, blocked, rotation, overlap, deleteContents };
}
