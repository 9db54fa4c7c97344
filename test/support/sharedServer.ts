import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRunning } from "./processes";
import { removeFolder } from "./removeFolder";
import { until } from "./until";

/** What the test files of one run know of a server that they share. */
export interface SharedServer {
  url: string;
  /** Processes that are killed at the end of the run. */
  pids: number[];
  /** Docker containers that are removed then. */
  containers?: string[];
  /** Processes that have more to end than themselves: they get SIGTERM first, and time for it. */
  gently?: number[];
}

/** Environment of a jest run, set by its globalSetup and inherited by its workers: its folder and its main process. */
export const RUN_FOLDER = "STACKWHISK_TEST_RUN_FOLDER";
export const RUN_PID = "STACKWHISK_TEST_RUN_PID";

/** What a Docker engine leaves mounted in the folder. */
const UNMOUNT = `cut -d ' ' -f 2 /proc/mounts | grep "^$0/" | sort -r | while read -r mount; do umount -l "$mount"; done`;
/** Milliseconds for a server to start. */
const LIMIT = 90_000;

/**
 * The server of that name in this jest run: started by whoever needs it first, for all workers. It is ended with the run,
 * also when that is interrupted.
 *
 * @param start makes it in the given folder, which is removed in the end, and resolves when it answers
 * @throws the same for all, if it does not start
 */
export async function sharedServer(name: string, start: (folder: string) => Promise<SharedServer>): Promise<SharedServer> {
  const run = process.env[RUN_FOLDER];
  if (run === undefined) throw new Error("Only tests of a jest run share servers: its globalSetup names their folder.");
  const folder = join(run, name);
  if (isMine(folder)) publish(folder, await start(folder).catch((error: unknown) => ({ error: String(error) })));
  const state = await until(`the server '${name}' of this run`, () => read(folder), LIMIT);
  if ("error" in state) throw new Error(state.error);
  return state;
}

/** Ends all servers of a run. */
export async function endSharedServers(run: string): Promise<void> {
  if (!existsSync(run)) return;
  for (const name of readdirSync(run)) {
    const state = read(join(run, name));
    if (!state || "error" in state) continue;
    for (const pid of state.gently ?? []) {
      kill(pid, "SIGTERM");
      await until(`the end of process ${pid}`, () => !isRunning(pid)).catch(() => undefined);
    }
    for (const pid of state.pids) kill(pid);
    for (const container of state.containers ?? []) execFileSync("docker", ["rm", "--force", "--volumes", container], { stdio: "ignore" });
    for (const pid of state.pids) await until(`the end of process ${pid}`, () => !isRunning(pid));
  }
  removeFolder(run);
}

/** Making a folder succeeds for one only. */
function isMine(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function publish(folder: string, state: SharedServer | { error: string }): void {
  // An interrupted run has no teardown: what watches over it ends the server with it.
  if ("pids" in state) {
    const { pids, containers = [], gently = [] } = state;
    const lines = [`while kill -0 ${process.env[RUN_PID]}; do sleep 1; done`, `test -d "$0" || exit 0`];
    for (const pid of gently) lines.push(`kill ${pid}`, `for i in $(seq 30); do kill -0 ${pid} || break; sleep 1; done`);
    if (pids.length > 0) lines.push(`kill -9 ${pids.join(" ")}`);
    if (containers.length > 0) lines.push(`docker rm --force --volumes ${containers.join(" ")}`);
    spawn("sh", ["-c", [...lines, UNMOUNT, `rm -rf "$0"`].join("\n"), process.env[RUN_FOLDER]!], { detached: true, stdio: "ignore" }).unref();
  }
  writeFileSync(join(folder, "state.new"), JSON.stringify(state));
  renameSync(join(folder, "state.new"), join(folder, "state.json"));
}

function read(folder: string): SharedServer | { error: string } | undefined {
  const file = join(folder, "state.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as SharedServer | { error: string }) : undefined;
}

function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
