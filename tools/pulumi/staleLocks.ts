import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** A lock as Pulumi's file backend writes it. */
export interface Lock {
  pid: number;
  hostname: string;
  username?: string;
  timestamp?: string;
}

export type Verdict = "stale" | "held" | "unknown";

/** A lock that cannot be read was being written when its process died, or is being written now. */
export function parseLock(text: string): Lock | undefined {
  try {
    const lock = JSON.parse(text) as Partial<Lock>;
    return typeof lock.pid === "number" && typeof lock.hostname === "string" ? (lock as Lock) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a lock's update still runs.
 *
 * @param commandOf name of the program that runs under a process id, undefined if none does
 */
export function judgeLock(lock: Lock | undefined, hostname: string, commandOf: (pid: number) => string | undefined): Verdict {
  if (!lock || lock.hostname !== hostname) return "unknown";
  // After a restart of the machine the id may be another program's.
  return commandOf(lock.pid)?.includes("pulumi") ? "held" : "stale";
}

/** Name of the program that runs under a process id; undefined if none does, or only its remains. */
export function commandOf(pid: number): string | undefined {
  try {
    if (!existsSync("/proc/self/stat")) return execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim() || undefined;
    const [, name, state] = /^\d+ \((.*)\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return state === "Z" || state === "X" ? undefined : name;
  } catch {
    return undefined;
  }
}
