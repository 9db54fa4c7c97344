import { readFileSync } from "node:fs";

const MB = 1024 * 1024;
/** What a runtime needs before its action has allocated anything. Bytes. */
const RUNTIME = 64 * MB;
/** What it may need while it loads: the code is there several times then, as it came, as an archive and unpacked. Bytes. */
const LOADING = 256 * MB;

/** How much memory a process may take, and whether it has taken more. Tells on Linux only: elsewhere nothing is known. */
export class MemoryLimit {
  private allowed: number;

  /** @param memory MB, without what the runtime itself needs */
  constructor(
    private readonly pid: number,
    private readonly memory: number,
  ) {
    this.allowed = memory * MB + RUNTIME + LOADING;
  }

  /** It has loaded its code: from now on the limit holds, on top of what that took, for much of it may be there still. */
  settle(): void {
    this.allowed = this.memory * MB + Math.max(RUNTIME, peakOf(this.pid));
  }

  isExceeded(): boolean {
    return peakOf(this.pid) > this.allowed;
  }
}

/** Bytes: the most that the process, or one that it has started, has ever held. 0 when it is gone. */
function peakOf(pid: number): number {
  if (process.platform !== "linux") return 0;
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
