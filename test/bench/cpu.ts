import { readFileSync } from "node:fs";
import { childrenOf } from "../support/processes";

/** Clock ticks of /proc in a second, on every Linux that Node runs on. */
const TICKS = 100;

/** Seconds of processor time that processes have used so far; those that have ended do not count. */
export function cpuSeconds(pids: number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13).map(Number);
      ticks += user! + system!;
    } catch {
      // It has ended.
    }
  }
  return ticks / TICKS;
}

/** A process and all that it has started. */
export function familyOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(familyOf)];
}
