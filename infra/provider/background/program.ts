import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** Where the platform's programs may stand, seen from this file's bundle (`dist/provider`) and from its source. */
const PLACES = ["../services", "../../../dist/services"];

/** A program of the platform as `npm run build` makes it. It may not exist yet. */
export function builtProgram(name: string): string {
  const candidates = PLACES.map((place) => path.resolve(__dirname, place, name));
  return candidates.find((file) => existsSync(file)) ?? candidates[0]!;
}

/** What tells one build of these programs from another: 16 hexadecimal digits. */
export function programDigest(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}
