import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A way to get programs into a folder. It throws if it does not work on this machine. */
export type Source = (into: string) => Promise<void>;

const STAMP_FILE = "stamp";

/** @param stamp noted down beside the programs: another text means that they are to be replaced */
export function isInstalled(folder: string, stamp: string, programs: readonly string[]): boolean {
  const file = path.join(folder, STAMP_FILE);
  if (!existsSync(file) || readFileSync(file, "utf8") !== stamp) return false;
  return programs.every((name) => existsSync(path.join(folder, name)));
}

/**
 * Fills a folder by the first way that works. Everything goes into a folder aside, which takes the final name when it is
 * complete: an interruption leaves nothing half done. The caller holds a lock, so that nobody else is at work.
 *
 * @returns undefined; or why none of the ways worked
 */
export async function installFrom(sources: readonly Source[], folder: string, stamp: string): Promise<string[] | undefined> {
  removeLeftovers(folder);
  const reasons: string[] = [];
  for (const source of sources) {
    const aside = `${folder}.${process.pid}.new`;
    mkdirSync(aside, { recursive: true });
    try {
      await source(aside);
      writeFileSync(path.join(aside, STAMP_FILE), stamp);
      rmSync(folder, { recursive: true, force: true });
      renameSync(aside, folder);
      return undefined;
    } catch (error) {
      reasons.push((error as Error).message);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  }
  return reasons;
}

/** Of earlier attempts that were killed. */
function removeLeftovers(folder: string): void {
  const parent = path.dirname(folder);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`${path.basename(folder)}.`) && name.endsWith(".new")) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}
