import { mkdirSync } from "node:fs";
import { resolve } from "node:path";

/** Where what images are made of is kept from one run to the next. */
export function cacheFolder(): string {
  const folder = resolve(process.env.STACKWHISK_ROOT ?? process.cwd(), ".stackwhisk/images");
  mkdirSync(folder, { recursive: true });
  return folder;
}
