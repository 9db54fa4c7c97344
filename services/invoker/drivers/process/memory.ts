import { readFileSync } from "node:fs";

/** MB that a runtime needs before its action has allocated anything. */
const RUNTIME = 64;

/**
 * Whether a process, or one that it has started, has ever held more memory than it may. Never where the system does not
 * tell: on Linux only.
 *
 * @param memory MB, without what the runtime itself needs
 */
export const hasExceeded = (pid: number, memory: number): boolean => process.platform === "linux" && peakOf(pid) > (memory + RUNTIME) * 1024 * 1024;

/** Bytes: the most that one of the processes has held. 0 when they are gone. */
function peakOf(pid: number): number {
  const own = Number(/^VmHWM:\s*(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
  const children = read(`/proc/${pid}/task/${pid}/children`).split(" ").filter((child) => child !== "");
  return Math.max(own, ...children.map((child) => peakOf(Number(child))));
}

function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
