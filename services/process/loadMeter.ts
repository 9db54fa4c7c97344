import { readFileSync } from "node:fs";
import { cpus } from "node:os";

/** Time of all processors since the machine began, in any one unit. */
interface Ticks {
  busy: number;
  total: number;
}

/** How long one reading is good for. Milliseconds. */
const WINDOW = 200;

/** How busy the machine's processors are, and this process's event loop: whichever has less left is what limits. */
export class LoadMeter {
  private last: Ticks;
  private lastLoop = performance.eventLoopUtilization();
  private at: number;
  private busy = 0;

  constructor(
    private readonly now: () => number,
    private readonly read: () => Ticks = readTicks,
    private readonly readLoop: typeof performance.eventLoopUtilization = performance.eventLoopUtilization,
  ) {
    this.last = read();
    this.at = now();
  }

  /** The part of their time that they worked, from 0 to 1, lately. */
  utilization(): number {
    const now = this.now();
    if (now - this.at < WINDOW) return this.busy;
    const ticks = this.read();
    const total = ticks.total - this.last.total;
    const loop = this.readLoop();
    const processors = total > 0 ? (ticks.busy - this.last.busy) / total : 0;
    this.busy = Math.max(processors, this.readLoop(loop, this.lastLoop).utilization);
    this.last = ticks;
    this.lastLoop = loop;
    this.at = now;
    return this.busy;
  }
}

function readTicks(): Ticks {
  // Many times cheaper than os.cpus(), which asks for more.
  if (process.platform === "linux") return parseProcStat(readFileSync("/proc/stat", "latin1"));
  let [busy, total] = [0, 0];
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.irq + times.idle;
    total += all;
    busy += all - times.idle;
  }
  return { busy, total };
}

/** The first line of proc_stat(5): user nice system idle iowait irq softirq steal. */
export function parseProcStat(text: string): Ticks {
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = text.slice(4, text.indexOf("\n")).trim().split(" ").map(Number);
  const busy = user + nice + system + irq + softirq + steal;
  return { busy, total: busy + idle + iowait };
}
