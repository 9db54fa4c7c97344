import { readFileSync } from "node:fs";
import path from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { RuntimeImage, RuntimesManifest } from "../../../runtimes/runtimes";
import { ownContext } from "./contexts";
import { builtImage } from "./image";

/** Languages that the platform brings a runtime for. */
export const LANGUAGES = ["nodejs", "python", "swift", "skeleton"] as const;
export type Language = (typeof LANGUAGES)[number];

export interface RuntimeImagesArgs {
  /** Begins the names of the images: lower case letters, digits and `-`. */
  platform: string;
  /** Which runtimes are built. */
  languages: readonly Language[];
  /**
   * Images that they are built on, by language; `node` is the one that the HTTP side of all of them is taken from.
   *
   * @default the Dockerfiles': the official ones
   */
  bases?: Partial<Record<Language | "node", string>>;
  /** Folder of the build contexts. @default where `npm run build` puts them */
  contexts?: string;
}

/** The images in which actions run, one for each language, and the list of kinds that names them. */
export class RuntimeImages extends pulumi.ComponentResource {
  /** By language: the image's name. */
  readonly images: Partial<Record<Language, pulumi.Output<string>>>;
  /** The kinds whose images there are, in the format of OpenWhisk's `runtimes.json`: for who runs them. */
  readonly manifest: pulumi.Output<string>;
  /** The same kinds by their common names, which do not change with the images: for who only has to know the kinds. */
  readonly kinds: string;

  constructor(name: string, args: RuntimeImagesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stackwhisk:docker:RuntimeImages", name, {}, opts);

    const manifest = broughtManifest(args.contexts);
    this.images = createImages(this, name, args);
    this.kinds = JSON.stringify(withImages(manifest, commonNames(args.languages)), null, 2);
    this.manifest = pulumi.output(this.images).apply((images) => JSON.stringify(withImages(manifest, images), null, 2));

    this.registerOutputs({ images: this.images });
  }
}

function createImages(parent: RuntimeImages, name: string, { platform, languages, bases = {}, contexts }: RuntimeImagesArgs): Partial<Record<Language, pulumi.Output<string>>> {
  const image = (language: Language): docker.RemoteImage => {
    const base = bases[language] ?? (language === "nodejs" ? bases.node : undefined);
    const node = language === "nodejs" ? undefined : bases.node;
    const buildArgs = { ...(base !== undefined && { BASE: base }), ...(node !== undefined && { NODE: node }) };
    return builtImage(`${name}-runtime-${language}`, { context: ownContext(`runtime-${language}`, contexts), repository: `${platform}/runtime-${language}`, buildArgs }, { parent });
  };
  return Object.fromEntries(languages.map((language) => [language, image(language).name]));
}

const commonNames = (languages: readonly Language[]): Partial<Record<Language, string>> => Object.fromEntries(languages.map((language) => [language, `stackwhisk/runtime-${language}:latest`]));

/** The list that the platform brings. */
function broughtManifest(contexts?: string): RuntimesManifest {
  return JSON.parse(readFileSync(path.join(ownContext("invoker", contexts), "runtimes", "manifest.json"), "utf8")) as RuntimesManifest;
}

/** Kinds of languages without an image are left out: nobody could run them. The skeleton is no kind of its own, but what blackboxes run. */
export function withImages(manifest: RuntimesManifest, images: Partial<Record<Language, string>>): RuntimesManifest {
  const families = Object.entries(manifest.runtimes).flatMap(([family, kinds]) => {
    const image = images[family as Language];
    if (image === undefined) return [];
    return [[family, kinds.map((kind) => ({ ...kind, image: partsOf(image) }))] as const];
  });
  const { skeleton } = images;
  const blackboxes = skeleton === undefined ? manifest.blackboxes : manifest.blackboxes.map((named) => ({ ...named, image: partsOf(skeleton) }));
  return { ...manifest, runtimes: Object.fromEntries(families), blackboxes };
}

function partsOf(image: string): RuntimeImage {
  const [, repository = "", tag = ""] = /^(.*):([^:/]+)$/.exec(image) ?? [];
  const at = repository.lastIndexOf("/");
  return { prefix: repository.slice(0, at), name: repository.slice(at + 1), tag };
}
