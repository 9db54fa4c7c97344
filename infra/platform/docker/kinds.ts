import { type BlackboxImage, imageName, type RuntimeImage, type RuntimeKind, type RuntimesManifest } from "../../../runtimes/runtimes";
import type { OwnManifest } from "./ownManifest";

/** What can be chosen: all runtimes of a language, or one of them. `"skeleton"` is the image in which any program can be an action. */
export const RUNTIMES = ["nodejs", "nodejs:24", "nodejs:22", "python", "swift", "skeleton"] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** The wire form of `images.json`: by the name that manifests have, how an image is built. */
export type ImageList = Record<string, { dockerfile: string; args: Record<string, string> }>;

/** An image of a runtime that the platform brings. */
export interface BroughtImage {
  /** As manifests name it: `stackwhisk/runtime-nodejs:24`. */
  name: string;
  language: string;
  version: string;
  /** Arguments of its build, which are the official base images. */
  args: Readonly<Record<string, string>>;
}

export const broughtImages = (list: ImageList): BroughtImage[] =>
  Object.entries(list).map(([name, { dockerfile, args }]) => ({ name, language: dockerfile.split("/")[0]!, version: name.split(":").at(-1)!, args }));

/** Whether a choice takes in an image. */
export const isChosen = (runtimes: readonly string[], { language, version }: BroughtImage): boolean => runtimes.includes(language) || runtimes.includes(`${language}:${version}`);

/**
 * The kinds of a platform. Of those that it brings, the ones whose runtime is chosen: nobody could run the others. A family of the
 * operator's own takes the place of the one that is brought.
 */
export function kindsOf(brought: RuntimesManifest, images: readonly BroughtImage[], runtimes: readonly string[], own: OwnManifest = { runtimes: {}, blackboxes: [] }): RuntimesManifest {
  const chosen = new Set(images.filter((image) => isChosen(runtimes, image)).map(({ name }) => name));
  const families = Object.entries(brought.runtimes).flatMap(([family, all]) => {
    const kinds = all.filter(({ image }) => chosen.has(fullName(image)));
    return kinds.length === 0 ? [] : [[family, withDefault(kinds)] as const];
  });
  const blackboxes = brought.blackboxes.filter((named) => chosen.has(fullName(named.image ?? named)));
  return { ...brought, runtimes: { ...Object.fromEntries(families), ...own.runtimes }, blackboxes: [...own.blackboxes, ...blackboxes] };
}

/** The newest, where the usual one is not among them. */
function withDefault(kinds: readonly RuntimeKind[]): RuntimeKind[] {
  if (kinds.some((kind) => kind.default)) return [...kinds];
  return [...kinds.slice(0, -1), { ...kinds.at(-1)!, default: true }];
}

/** Those that a manifest names: what has to be built. */
export function neededImages(manifest: RuntimesManifest, images: readonly BroughtImage[]): BroughtImage[] {
  const named = new Set([...Object.values(manifest.runtimes).flatMap((kinds) => kinds.map(({ image }) => image)), ...manifest.blackboxes.map((box) => box.image ?? box)].map(fullName));
  return images.filter(({ name }) => named.has(name));
}

/**
 * The manifest with what was built in the place of what it names. Other images are whoever's that names them.
 *
 * @param built names of images, by those that the manifest has
 */
export function withBuilt(manifest: RuntimesManifest, built: Readonly<Record<string, string>>): RuntimesManifest {
  const placed = (image: RuntimeImage): RuntimeImage | undefined => {
    const name = built[fullName(image)];
    return name === undefined ? undefined : partsOf(name);
  };
  const kind = (one: RuntimeKind): RuntimeKind => ({ ...one, image: placed(one.image) ?? one.image });
  const blackbox = (one: BlackboxImage): BlackboxImage => {
    const image = placed(one.image ?? one);
    return image === undefined ? one : { ...one, image };
  };
  const runtimes = Object.fromEntries(Object.entries(manifest.runtimes).map(([family, kinds]) => [family, kinds.map(kind)]));
  return { ...manifest, runtimes, blackboxes: manifest.blackboxes.map(blackbox) };
}

const fullName = (image: RuntimeImage): string => imageName({ ...image, tag: image.tag ?? "latest" });

function partsOf(image: string): RuntimeImage {
  const [, repository = image, tag] = /^(.*?)(?::([^:/]+))?$/.exec(image) ?? [];
  const at = repository.lastIndexOf("/");
  return { ...(at >= 0 && { prefix: repository.slice(0, at) }), name: repository.slice(at + 1), tag };
}
