import type { DataDir } from "./dataDir";
import { askHealth, type Endpoint } from "./endpoint";
import { commandLine, workingDirectory } from "./processes";
import { until } from "./wait";

/**
 * - `running`: the platform of this folder lives and serves.
 * - `faulty`: its process lives, but does not serve, or lost its folder: it needs a restart.
 * - `stopped`: there is no such process.
 */
export type Status = { state: "running" | "faulty"; pid: number } | { state: "stopped" };

/** A busy machine may need this long, in milliseconds, to answer; then the platform counts as faulty. */
const PATIENCE = 5000;

/**
 * Looks for the platform of a data directory. The note of its process id is not enough: ids are used again, so the
 * command line decides whose process it is. Nor is an answer at the port: somebody else may serve there.
 */
export async function findPlatform(dir: DataDir, endpoint: Endpoint, signal: AbortSignal): Promise<Status> {
  const noted = dir.pid();
  const first = await askHealth(endpoint, PATIENCE);
  const pid = await firstOf([noted, first?.pid], (candidate) => belongsTo(candidate, dir));
  if (pid === undefined) return { state: "stopped" };
  if (pid !== noted || !(await runsWith(pid, dir.configFile))) return { state: "faulty", pid };

  const answered = first ?? (await until(() => askHealth(endpoint, PATIENCE), PATIENCE, signal));
  return { state: answered?.pid === pid ? "running" : "faulty", pid };
}

/** Whether a process is the platform of this folder, started where the folder is or, on Linux, where it was before it was moved. */
export async function belongsTo(pid: number, dir: DataDir): Promise<boolean> {
  if (await runsWith(pid, dir.configFile)) return true;
  const moved = / --config \S.*\/config\.json$/.test((await commandLine(pid)) ?? "");
  return moved && (await workingDirectory(pid)) === dir.path;
}

async function runsWith(pid: number, configFile: string): Promise<boolean> {
  return `${(await commandLine(pid)) ?? ""} `.includes(` --config ${configFile} `);
}

async function firstOf(pids: (number | undefined)[], accept: (pid: number) => Promise<boolean>): Promise<number | undefined> {
  for (const pid of pids) if (pid !== undefined && (await accept(pid))) return pid;
  return undefined;
}
