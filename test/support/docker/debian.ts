import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../../tools/lib/lock.cjs";
import { cacheFolder } from "./cache";

/**
 * Archive with the root of a minimal Debian 13 (trixie), made once by `debootstrap`: half a minute.
 *
 * @throws Error with the end of what debootstrap said
 */
export async function debianRoot(): Promise<string> {
  const archive = join(cacheFolder(), "debian-trixie.tar");
  return withLock(`${archive}.lock`, () => {
    if (!existsSync(archive)) bootstrap(archive);
    return archive;
  });
}

function bootstrap(archive: string): void {
  const folder = mkdtempSync(join(tmpdir(), "debootstrap-"));
  const root = join(folder, "root");
  try {
    run("debootstrap", "--variant=minbase", "trixie", root);
    const aside = `${archive}.${process.pid}.new`;
    // Device files are the engine's to make; what apt has fetched can be fetched again.
    run("tar", "--create", "--file", aside, "--directory", root, "--exclude=./dev/*", "--exclude=./var/cache/apt/*", "--exclude=./var/lib/apt/lists/*", ".");
    renameSync(aside, archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program: string, ...args: string[]): void {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  if (error) throw new Error(`${program} could not be started (Debian's package ${program}): ${error.message}`);
  if (status !== 0) throw new Error(`${program} ended with ${status}:\n${`${stdout}${stderr}`.trim().split("\n").slice(-20).join("\n")}`);
}
