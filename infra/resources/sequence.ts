import * as pulumi from "@pulumi/pulumi";
import { packageName, type Action } from "./action";
import { inputError, nameOf, propertiesOf, type Reference } from "./inputs";
import type { Package } from "./package";

export interface SequenceArgs {
  /** The actions in order, at least one: resources, or names. Each gets what the one before it returned. */
  actions: pulumi.Input<Reference<Action | Sequence>[]>;
  /**
   * Name on the platform, under which clients call it; another one makes a new sequence and deletes the old one.
   *
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
  /**
   * The package that it is in: its resource or its name.
   *
   * @default none
   */
  package?: Reference<Package>;
  /**
   * What people and tools want to know about it.
   *
   * @default none
   */
  annotations?: pulumi.Input<Record<string, pulumi.Input<unknown>>>;
  /**
   * Anyone may call it over plain HTTP, at `url`. `"raw"`: its first action gets query and body as they came.
   *
   * @default false
   */
  web?: pulumi.Input<boolean | "raw">;
  /**
   * Other namespaces may see it.
   *
   * @default false
   */
  publish?: pulumi.Input<boolean>;
}

const OUTPUTS = ["namespace", "qualifiedName", "version", "updated", "url"] as const;

/**
 * Actions one after the other, without code: the output of each is the input of the next. It is invoked like an action.
 *
 * @example
 * ```ts
 * new stackwhisk.Sequence("thumbnail", { actions: [fetchImage, resize, "images/store"] });
 * ```
 *
 * An existing one is imported by its name: `pulumi import stackwhisk:index:Sequence thumbnail thumbnail`.
 */
export class Sequence extends pulumi.CustomResource {
  static readonly __pulumiType = "stackwhisk:index:Sequence";

  /** Name on the platform, without the package. */
  declare readonly name: pulumi.Output<string>;
  /** The package that it is in, if any. */
  declare readonly package: pulumi.Output<string | undefined>;
  /** Names of its actions. */
  declare readonly actions: pulumi.Output<string[]>;
  /** The namespace that it is in. */
  declare readonly namespace: pulumi.Output<string>;
  /** `/namespace/name` or `/namespace/package/name`: what sequences, rules and clients call it. */
  declare readonly qualifiedName: pulumi.Output<string>;
  /** Counted up by the platform with each change. */
  declare readonly version: pulumi.Output<string>;
  /** When it last changed, ISO 8601. */
  declare readonly updated: pulumi.Output<string>;
  /** Where it is as a web action; undefined if it is none. */
  declare readonly url: pulumi.Output<string | undefined>;

  /** A sequence that exists, by its name or `package/name`; it is read, not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Sequence {
    return new Sequence(name, { actions: [] }, { ...opts, id });
  }

  constructor(name: string, args: SequenceArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(Sequence.__pulumiType, name, propertiesOf(opts.id ? {} : inputsOf(name, args), OUTPUTS), opts);
  }
}

function inputsOf(resource: string, args: SequenceArgs): Record<string, unknown> {
  const { actions, name, annotations, web, publish } = args;
  if (actions === undefined) throw inputError("Sequence", resource, "`actions` is required");
  if (Array.isArray(actions) && actions.length === 0) throw inputError("Sequence", resource, "`actions` needs at least one action");
  return {
    actions: pulumi.output(actions).apply((list) => pulumi.all((list as Reference<Action | Sequence>[]).map(nameOf))),
    name,
    package: args.package === undefined ? undefined : packageName(args.package),
    annotations,
    web,
    publish,
  };
}
