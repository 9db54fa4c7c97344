import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * The command line of a process, its words joined by blanks.
 *
 * @returns undefined if there is no such process, or only the remains of one that has ended
 */
export async function commandLine(pid: number): Promise<string | undefined> {
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  try {
    const words = existsSync("/proc/self/cmdline")
      ? (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0").join(" ")
      : (await run("ps", ["-ww", "-o", "command=", "-p", String(pid)])).stdout;
    return words.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The working directory of a process, which follows when the folder is moved. Known on Linux only. */
export async function workingDirectory(pid: number): Promise<string | undefined> {
  return readlink(`/proc/${pid}/cwd`).catch(() => undefined);
}

/**
 * Whether all of a process is gone, its ports and locks too. It loses its command line first, and a process that nobody
 * waits for stays in the table for ever, as a zombie that has nothing any more.
 */
export async function hasEnded(pid: number): Promise<boolean> {
  if (existsSync("/proc/self/stat")) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
    if (stat === undefined) return true;
    // The state follows the name, which may contain anything. Other threads may outlive the first one for a moment.
    const zombie = /^ [ZX]/.test(stat.slice(stat.lastIndexOf(")") + 1));
    return zombie && (await readdir(`/proc/${pid}/task`).catch(() => [])).length <= 1;
  }
  const { stdout } = await run("ps", ["-o", "stat=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  return stdout.trim() === "" || stdout.trim().startsWith("Z");
}

/** Sends a signal; a process that is gone already is fine. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Ends a process at once, with what it started in its own process group if it leads one. */
export function kill(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    send(pid, "SIGKILL");
  }
}
