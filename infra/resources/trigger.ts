import * as pulumi from "@pulumi/pulumi";
import { propertiesOf } from "./inputs";

export interface TriggerArgs {
  /**
   * Name on the platform, under which it is fired; another one makes a new trigger and deletes the old one.
   *
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
  /**
   * Parameters that each event has unless it brings its own. Secrets stay secret in the state.
   *
   * @default none
   */
  parameters?: pulumi.Input<Record<string, pulumi.Input<unknown>>>;
  /**
   * What people and tools want to know about it.
   *
   * @default none
   */
  annotations?: pulumi.Input<Record<string, pulumi.Input<unknown>>>;
  /**
   * Other namespaces may see it.
   *
   * @default false
   */
  publish?: pulumi.Input<boolean>;
}

const OUTPUTS = ["namespace", "qualifiedName", "version", "updated"] as const;

/**
 * A named class of events. It is fired by a person, a client or a feed; {@link Rule}s say what runs then.
 *
 * @example
 * ```ts
 * const uploaded = new stackwhisk.Trigger("uploaded", { parameters: { bucket: "photos" } });
 * ```
 *
 * An existing one is imported by its name: `pulumi import stackwhisk:index:Trigger uploaded uploaded`.
 */
export class Trigger extends pulumi.CustomResource {
  static readonly __pulumiType = "stackwhisk:index:Trigger";

  /** Name on the platform. */
  declare readonly name: pulumi.Output<string>;
  /** The namespace that it is in. */
  declare readonly namespace: pulumi.Output<string>;
  /** `/namespace/name`: what rules and clients call it. */
  declare readonly qualifiedName: pulumi.Output<string>;
  /** Counted up by the platform with each change. */
  declare readonly version: pulumi.Output<string>;
  /** When it last changed, ISO 8601. */
  declare readonly updated: pulumi.Output<string>;

  /** A trigger that exists, by its name; it is read, not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Trigger {
    return new Trigger(name, {}, { ...opts, id });
  }

  constructor(name: string, args: TriggerArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    super(Trigger.__pulumiType, name, propertiesOf(opts.id ? {} : inputsOf(args), OUTPUTS), opts);
  }
}

function inputsOf({ name, parameters, annotations, publish }: TriggerArgs): Record<keyof TriggerArgs, unknown> {
  return { name, parameters, annotations, publish };
}
