import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";

const MOUNTS = "/proc/self/mounts";

/** Removes a folder with all that is in it. A Docker engine that has ended may have left file systems that are mounted there. */
export function removeFolder(folder: string): void {
  const mounts = existsSync(MOUNTS) ? readFileSync(MOUNTS, "utf8").split("\n").map((line) => line.split(" ")[1] ?? "") : [];
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).reverse()) spawnSync("umount", ["--lazy", mount], { stdio: "ignore" });
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
