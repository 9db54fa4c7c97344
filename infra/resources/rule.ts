import * as pulumi from "@pulumi/pulumi";
import type { Action } from "./action";
import { inputError, nameOf, propertiesOf, type Reference } from "./inputs";
import type { Sequence } from "./sequence";
import type { Trigger } from "./trigger";

export interface RuleArgs {
  /** The trigger: its resource, or its name. */
  trigger: Reference<Trigger>;
  /** What runs when it fires: an action or a sequence, or the name of one. */
  action: Reference<Action | Sequence>;
  /**
   * An inactive rule does nothing when the trigger fires.
   *
   * @default "active"
   */
  status?: pulumi.Input<"active" | "inactive">;
  /**
   * Name on the platform; another one makes a new rule and deletes the old one.
   *
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
  /**
   * What people and tools want to know about it.
   *
   * @default none
   */
  annotations?: pulumi.Input<Record<string, pulumi.Input<unknown>>>;
}

const OUTPUTS = ["namespace", "qualifiedName", "version", "updated"] as const;

/**
 * When the trigger fires, run the action. A trigger may have many rules; each runs its action with the event.
 *
 * @example
 * ```ts
 * new stackwhisk.Rule("on-upload", { trigger: uploaded, action: resize });
 * ```
 *
 * An existing one is imported by its name: `pulumi import stackwhisk:index:Rule on-upload on-upload`.
 */
export class Rule extends pulumi.CustomResource {
  static readonly __pulumiType = "stackwhisk:index:Rule";

  /** Name on the platform. */
  declare readonly name: pulumi.Output<string>;
  /** Name of the trigger. */
  declare readonly trigger: pulumi.Output<string>;
  /** Name of the action. */
  declare readonly action: pulumi.Output<string>;
  /** Whether it does anything when the trigger fires. */
  declare readonly status: pulumi.Output<"active" | "inactive">;
  /** The namespace that it is in. */
  declare readonly namespace: pulumi.Output<string>;
  /** `/namespace/name`. */
  declare readonly qualifiedName: pulumi.Output<string>;
  /** Counted up by the platform with each change. */
  declare readonly version: pulumi.Output<string>;
  /** When it last changed, ISO 8601. */
  declare readonly updated: pulumi.Output<string>;

  /** A rule that exists, by its name; it is read, not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Rule {
    return new Rule(name, { trigger: "", action: "" }, { ...opts, id });
  }

  constructor(name: string, args: RuleArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(Rule.__pulumiType, name, propertiesOf(opts.id ? {} : inputsOf(name, args), OUTPUTS), opts);
  }
}

function inputsOf(resource: string, args: RuleArgs): Record<keyof RuleArgs, unknown> {
  const { trigger, action, status, name, annotations } = args;
  if (trigger === undefined) throw inputError("Rule", resource, "`trigger` is required");
  if (action === undefined) throw inputError("Rule", resource, "`action` is required");
  return { trigger: nameOf(trigger), action: nameOf(action), status, name, annotations };
}
