import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** Where the contexts of the platform's own images may stand, seen from this file's bundle (`infra/dist`) and from its source. */
const PLACES = ["../../dist/images", "../../../dist/images"];

/**
 * The build context of one of the platform's own images, as `npm run build` puts it together: exactly the files that go into it,
 * its Dockerfile among them.
 *
 * @param contexts folder of all of them; by default where the build puts them
 * @throws RunError when it was not built
 */
export const ownContext = (name: string, contexts?: string): string => built(name, "Dockerfile", `the build context of the image "${name}" is`, contexts);

/**
 * The folder with the lists of the kinds of actions (`manifest.json`) and of their images (`images.json`).
 *
 * @param contexts as above
 * @throws RunError when it was not built
 */
export const ownLists = (contexts?: string): string => built("runtimes", "images.json", "the list of the runtimes' images is", contexts);

function built(name: string, file: string, what: string, contexts: string | undefined): string {
  const folders = contexts === undefined ? PLACES.map((place) => path.resolve(__dirname, place)) : [path.resolve(contexts)];
  const found = folders.map((folder) => path.join(folder, name)).find((folder) => existsSync(path.join(folder, file)));
  if (found === undefined) throw new pulumi.RunError(`${what} missing in ${folders[0]}: run \`npm run build\` first`);
  return found;
}

/**
 * What tells one content of a build context from another: 16 hexadecimal digits. It depends on the names and contents of the
 * files and on how it is built; not on times, owners, or where the folder is.
 *
 * @param how what the build is told besides
 */
export function contextDigest(folder: string, how: Readonly<Record<string, unknown>>): string {
  const hash = createHash("sha256");
  for (const file of filesIn(folder)) {
    const content = readFileSync(path.join(folder, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  for (const name of Object.keys(how).sort()) hash.update(`\0${name}=${JSON.stringify(how[name])}`);
  return hash.digest("hex").slice(0, 16);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
}
