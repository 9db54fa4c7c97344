import * as pulumi from "@pulumi/pulumi";
import { nameOf, propertiesOf, type Reference } from "./inputs";

export interface PackageArgs {
  /**
   * Name on the platform; another one makes a new package (and new actions in it) and deletes the old one.
   *
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
  /**
   * Parameters that each action of the package gets, unless the action or the caller has its own. Secrets stay secret in
   * the state.
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
   * Other namespaces may use its actions and bind it.
   *
   * @default false
   */
  publish?: pulumi.Input<boolean>;
  /**
   * Makes it a binding: the actions of that package, with the parameters of this one. Another one makes a new package.
   *
   * @default none
   */
  binding?: Reference<Package>;
}

const OUTPUTS = ["namespace", "qualifiedName", "version", "updated"] as const;

/**
 * A bundle of actions with shared parameters, or a binding to someone else's.
 *
 * @example
 * ```ts
 * const images = new stackwhisk.Package("images", { parameters: { bucket: "photos" } });
 * new stackwhisk.Action("resize", { package: images, code: "./resize.ts" });
 * ```
 *
 * @example A binding:
 * ```ts
 * new stackwhisk.Package("my-slack", { binding: "/whisk.system/slack", parameters: { url: slackUrl } });
 * ```
 *
 * An existing one is imported by its name: `pulumi import stackwhisk:index:Package images images`.
 */
export class Package extends pulumi.CustomResource {
  static readonly __pulumiType = "stackwhisk:index:Package";

  /** Name on the platform. */
  declare readonly name: pulumi.Output<string>;
  /** The namespace that it is in. */
  declare readonly namespace: pulumi.Output<string>;
  /** `/namespace/name`. */
  declare readonly qualifiedName: pulumi.Output<string>;
  /** Counted up by the platform with each change. */
  declare readonly version: pulumi.Output<string>;
  /** When it last changed, ISO 8601. */
  declare readonly updated: pulumi.Output<string>;

  /** A package that exists, by its name; it is read, not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Package {
    return new Package(name, {}, { ...opts, id });
  }

  constructor(name: string, args: PackageArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    super(Package.__pulumiType, name, propertiesOf(opts.id ? {} : inputsOf(args), OUTPUTS), opts);
  }
}

function inputsOf({ name, parameters, annotations, publish, binding }: PackageArgs): Record<keyof PackageArgs, unknown> {
  return { name, parameters, annotations, publish, binding: binding === undefined ? undefined : nameOf(binding) };
}
