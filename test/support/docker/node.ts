import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { withLock } from "../../../tools/lib/lock.cjs";
import { cacheFolder } from "./cache";

const PACKAGE = `node-linux-${process.arch}`;

/**
 * Node for Linux, of npm's package of that name: the one that is installed here, else one that is fetched once.
 *
 * @throws Error with npm's reason when it cannot be had
 */
export async function nodeProgram(major: "22" | "24"): Promise<{ program: string; version: string }> {
  const installed = resolve(process.env.STACKWHISK_ROOT ?? process.cwd(), "node_modules", PACKAGE);
  const here = existsSync(installed) ? programIn(installed) : undefined;
  if (here?.version.startsWith(`${major}.`)) return here;
  const folder = join(cacheFolder(), `node-${major}`);
  return withLock(`${folder}.lock`, () => {
    if (!existsSync(folder)) fetchPackage(`${PACKAGE}@${major}`, folder);
    return programIn(join(folder, "package"));
  });
}

function programIn(folder: string): { program: string; version: string } {
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return { program: join(folder, "bin", "node"), version };
}

function fetchPackage(name: string, folder: string): void {
  const aside = mkdtempSync(`${folder}.new-`);
  try {
    const file = execFileSync("npm", ["pack", "--silent", "--pack-destination", aside, name], { encoding: "utf8" }).trim().split("\n").pop()!;
    mkdirSync(join(aside, "content"));
    execFileSync("tar", ["--extract", "--gzip", "--file", join(aside, file), "--directory", join(aside, "content")]);
    renameSync(join(aside, "content"), folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
