import type { DataDir } from "./dataDir";
import { belongsTo } from "./find";
import { hasEnded, kill, send } from "./processes";
import { until } from "./wait";

/**
 * Asks the platform of a folder to end, waits until it has, and ends it by force when it takes too long.
 *
 * @param drainLimit milliseconds that it may take to finish running work
 */
export async function stopPlatform(dir: DataDir, pid: number, signal: AbortSignal, drainLimit: number): Promise<void> {
  if (!(await belongsTo(pid, dir))) return;
  const gone = async () => ((await hasEnded(pid)) ? true : undefined);
  send(pid, "SIGTERM");
  if (await until(gone, drainLimit, signal)) return;
  kill(pid);
  if (!(await until(gone, 5000, signal))) throw new Error(`the platform's process ${pid} could not be ended`);
}
