import { readFileSync } from "node:fs";
import path from "node:path";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { RuntimesManifest } from "../../../runtimes/runtimes";
import type { Transform } from "../transform";
import { ownContext, ownLists } from "./contexts";
import { builtImage } from "./image";
import { type BroughtImage, broughtImages, type ImageList, kindsOf, neededImages, type Runtime, withBuilt } from "./kinds";
import { ownManifest, type OwnManifestArgs } from "./ownManifest";

export interface RuntimeImagesArgs {
  /** Begins the names of the images: lower case letters, digits and `-`. */
  platform: string;
  /** Which runtimes there are: of a language (`"nodejs"`) all that its kinds need, or one (`"nodejs:24"`). */
  runtimes: readonly Runtime[];
  /**
   * Images that they are built on; that of one (`"nodejs:22"`) goes before that of its language. `node` takes the place of
   * Node 24 wherever that is used: in nodejs:24, and for the HTTP side of all others.
   *
   * @default the official ones
   */
  bases?: Partial<Record<Runtime | "node", string>>;
  /**
   * Kinds and images of the operator's own: a file in the format of OpenWhisk's `runtimes.json`, or what would be in it.
   *
   * @default none
   */
  manifest?: string | OwnManifestArgs;
  /** Folder of the build contexts. @default where `npm run build` puts them */
  contexts?: string;
  /** Changes to what the component passes to its children. */
  transform?: { /** Each of them. */ image?: Transform<docker.RemoteImageArgs> };
}

/** What `bases.node` takes the place of. */
const NODE = "node:24-slim";

/** The images in which actions run, those that the kinds need, and the list of kinds that names them. */
export class RuntimeImages extends pulumi.ComponentResource {
  /** By the name that manifests have (`stackwhisk/runtime-nodejs:24`): the image's name. */
  readonly images: Record<string, pulumi.Output<string>>;
  /** The kinds whose images there are, in the format of OpenWhisk's `runtimes.json`: for who runs them. */
  readonly manifest: pulumi.Output<string>;
  /** The same kinds by their common names, which do not change with the images: for who only has to know the kinds. */
  readonly kinds: string;

  constructor(name: string, args: RuntimeImagesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stackwhisk:docker:RuntimeImages", name, {}, opts);

    const brought = broughtImages(readList<ImageList>("images.json", args));
    const kinds = kindsOf(readList<RuntimesManifest>("manifest.json", args), brought, args.runtimes, operatorsManifest(name, args));
    this.images = Object.fromEntries(neededImages(kinds, brought).map((image) => [image.name, createImage(this, name, image, args).name]));
    this.kinds = JSON.stringify(kinds, null, 2);
    this.manifest = pulumi.output(this.images).apply((images) => JSON.stringify(withBuilt(kinds, images), null, 2));

    this.registerOutputs({ images: this.images });
  }
}

function createImage(parent: RuntimeImages, name: string, { language, version, args }: BroughtImage, { platform, bases = {}, contexts, transform }: RuntimeImagesArgs): docker.RemoteImage {
  const own = bases[`${language}:${version}` as Runtime] ?? bases[language as Runtime];
  const baseOf = (arg: string, official: string) => (arg === "BASE" ? own : undefined) ?? (official === NODE ? bases.node : undefined) ?? official;
  const buildArgs = Object.fromEntries(Object.entries(args).map(([arg, official]) => [arg, baseOf(arg, official)]));
  const image = { context: ownContext(`runtime-${language}`, contexts), repository: `${platform}/runtime-${language}-${version}`, buildArgs, transform: transform?.image };
  return builtImage(`${name}-runtime-${language}-${version}`, image, { parent });
}

/** A list that the platform brings. */
const readList = <T>(file: string, { contexts }: RuntimeImagesArgs): T => JSON.parse(readFileSync(path.join(ownLists(contexts), file), "utf8")) as T;

function operatorsManifest(name: string, { manifest }: RuntimeImagesArgs): ReturnType<typeof ownManifest> | undefined {
  try {
    return manifest === undefined ? undefined : ownManifest(manifest);
  } catch (error) {
    throw new pulumi.RunError(`RuntimeImages "${name}": \`manifest\`: ${(error as Error).message}`);
  }
}
