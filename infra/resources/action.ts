import * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../platform/duration";
import type { Size } from "../platform/size";
import { sourceOf, type Handler } from "./handler";
import { inputError, nameOf, propertiesOf, type Reference } from "./inputs";
import type { Package } from "./package";

/** What one run of an action may use. */
export interface ActionLimits {
  /**
   * The longest that a run may take; it is killed then. Milliseconds if it is a number.
   *
   * @default "60 seconds"
   */
  timeout?: pulumi.Input<Duration | number>;
  /**
   * Memory of a container of the action. MB if it is a number.
   *
   * @default "256 MB"
   */
  memory?: pulumi.Input<Size | number>;
  /**
   * How much a run may log; what is more is cut off. MB if it is a number.
   *
   * @default "10 MB"
   */
  logs?: pulumi.Input<Size | number>;
  /**
   * How many runs one container takes at once.
   *
   * @default 1
   */
  concurrency?: pulumi.Input<number>;
}

/** One of `code`, `handler` and `image` is given. */
export interface ActionArgs {
  /**
   * The action's code, by its path relative to the program's folder, or as an asset or archive:
   *
   * - a JavaScript or TypeScript file is bundled with all that it imports. It exports `main` (or a default function);
   * - a Python, PHP, Ruby, Swift or Go file is taken as it is. Python is parsed at preview if the machine has python3;
   * - a folder is zipped, as it is: with its `node_modules` if it has some. A zip file is taken as it is.
   *
   * What does not parse or cannot be resolved fails the preview, with file, line and column. The code is deployed when
   * the hash of the result changed: a comment that the bundling strips is no change. The state has the hash, not the code.
   */
  code?: pulumi.Input<string | pulumi.asset.Asset | pulumi.asset.Archive>;
  /**
   * A small function in the program itself. Its text is deployed, nothing of what is around it: no variables of the
   * program, no imports, no `this`. What it needs comes in `parameters` or `env`, and Node's modules by `require` within
   * it. A name that it does not define is refused at preview.
   */
  handler?: Handler;
  /** A container image that speaks the platform's protocol, such as `me/resize:1.2`. */
  image?: pulumi.Input<string>;
  /**
   * The runtime, such as `nodejs:24` or `python:3`.
   *
   * @default by the file's extension, in the platform's default version
   */
  kind?: pulumi.Input<string>;
  /**
   * The function that runs.
   *
   * @default "main"
   */
  main?: pulumi.Input<string>;
  /**
   * Name on the platform, under which clients call it: so it gets no random suffix. Another name or package makes a new
   * action and deletes the old one. To rename only the resource, give the name here and use `aliases`.
   *
   * @default the resource's name
   */
  name?: pulumi.Input<string>;
  /**
   * The package that it is in: its resource or its name.
   *
   * @default none
   */
  package?: Reference<Package> | undefined;
  /**
   * Default parameters of each run; whoever invokes it may give others. Secrets stay secret in the state.
   *
   * @default none
   */
  parameters?: pulumi.Input<Record<string, pulumi.Input<unknown>>>;
  /**
   * Variables of the environment of the code. Secrets stay secret in the state.
   *
   * @default none
   */
  env?: pulumi.Input<Record<string, pulumi.Input<unknown>>>;
  /**
   * What people and tools want to know about it.
   *
   * @default none
   */
  annotations?: pulumi.Input<Record<string, pulumi.Input<unknown>>>;
  /** @default 60 seconds, 256 MB, 10 MB of logs, one run at once */
  limits?: pulumi.Input<ActionLimits>;
  /**
   * Anyone may call it over plain HTTP, at `url`. `"raw"`: it gets query and body as they came.
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

const OUTPUTS = ["namespace", "qualifiedName", "version", "updated", "codeSha256", "url"] as const;

/**
 * A function on the platform. Nothing runs, and nothing costs, before it is invoked.
 *
 * @example From a file, callable over HTTP:
 * ```ts
 * const resize = new stackwhisk.Action("resize", { code: "./resize.ts", web: true, limits: { memory: "512 MB" } });
 * export const url = resize.url;
 * ```
 *
 * @example Inline, with a secret:
 * ```ts
 * new stackwhisk.Action("greet", {
 *   handler: ({ name = "world", token }) => ({ text: `Hello ${name}`, signed: token.length > 0 }),
 *   parameters: { token: config.requireSecret("token") },
 * });
 * ```
 *
 * An existing one is imported by its name: `pulumi import stackwhisk:index:Action resize images/resize`.
 */
export class Action extends pulumi.CustomResource {
  static readonly __pulumiType = "stackwhisk:index:Action";

  /** Name on the platform, without the package. */
  declare readonly name: pulumi.Output<string>;
  /** The package that it is in, if any. */
  declare readonly package: pulumi.Output<string | undefined>;
  /** The runtime. */
  declare readonly kind: pulumi.Output<string>;
  /** The namespace that it is in. */
  declare readonly namespace: pulumi.Output<string>;
  /** `/namespace/name` or `/namespace/package/name`: what sequences, rules and clients call it. */
  declare readonly qualifiedName: pulumi.Output<string>;
  /** Counted up by the platform with each change, such as `0.0.3`. */
  declare readonly version: pulumi.Output<string>;
  /** When it last changed, ISO 8601. */
  declare readonly updated: pulumi.Output<string>;
  /** SHA-256 of what is deployed, in hex; undefined for an image. */
  declare readonly codeSha256: pulumi.Output<string | undefined>;
  /** Where a web action is; undefined if it is none. An extension such as `.json` may follow. */
  declare readonly url: pulumi.Output<string | undefined>;

  /** An action that exists, by its name or `package/name`; it is read, not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Action {
    return new Action(name, {}, { ...opts, id });
  }

  constructor(name: string, args: ActionArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(Action.__pulumiType, name, propertiesOf(opts.id ? {} : inputsOf(name, args), OUTPUTS), opts);
  }
}

function inputsOf(resource: string, args: ActionArgs): Record<string, unknown> {
  const { code, handler, image, kind, main, name, parameters, env, annotations, limits, web, publish } = args;
  const given = Object.entries({ code, handler, image }).filter(([, value]) => value !== undefined);
  if (given.length === 0) throw inputError("Action", resource, "one of `code`, `handler` and `image` is needed");
  // An archive and the image that runs it go together; a handler goes with neither.
  if (given.length > 1 && handler !== undefined) throw inputError("Action", resource, `only one of ${given.map(([key]) => `\`${key}\``).join(" and ")} can be given`);
  return {
    code: handler === undefined ? code : inline(resource, handler),
    image,
    kind,
    main,
    name,
    package: args.package === undefined ? undefined : packageName(args.package),
    parameters,
    env,
    annotations,
    limits,
    web,
    publish,
  };
}

function inline(resource: string, handler: Handler): pulumi.asset.Asset {
  try {
    return sourceOf(handler);
  } catch (error) {
    throw inputError("Action", resource, `\`handler\` ${(error as Error).message}`);
  }
}

/** An action's package is in its own namespace: of a full name the last part. */
export function packageName(reference: Reference<Package>): pulumi.Output<string> {
  return nameOf(reference).apply((name) => name.replace(/^\/[^/]+\//, ""));
}
