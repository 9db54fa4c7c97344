import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** Where the platform's program may stand, seen from this file's bundle (`dist/provider`) and from its source. */
const PLACES = ["../services/standalone.js", "../../../dist/services/standalone.js"];

/** The platform's program as `npm run build` makes it. It may not exist yet. */
export function builtProgram(): string {
  const candidates = PLACES.map((place) => path.resolve(__dirname, place));
  return candidates.find((file) => existsSync(file)) ?? candidates[0]!;
}

/**
 * What tells one build of the program from another.
 *
 * @returns 16 hexadecimal digits, or undefined if the program has not been built
 */
export function programDigest(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  return createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
}
