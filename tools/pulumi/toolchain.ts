import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ToolError } from "../lib/errors";
import { withLock } from "../lib/lock.cjs";
import { ROOT, shown, toolchainFolder } from "../lib/paths";
import { say } from "../lib/say";
import { downloadRelease } from "./download";
import { buildWithGo, whyNoGo } from "./goBuild";
import { findOnPath, type Toolchain } from "./locate";
import { LANGUAGE_HOST, LANGUAGE_HOST_VERSION, OLDEST_GO, OLDEST_PULUMI, PULUMI, PULUMI_VERSION } from "./versions";

/** Noted down beside the programs: another text means that they are to be replaced. */
export const STAMP = `${PULUMI} ${PULUMI_VERSION}, ${LANGUAGE_HOST} ${LANGUAGE_HOST_VERSION}\n`;

/** A way to get the programs into a folder. It throws if it does not work on this machine. */
export type Source = (into: string) => Promise<void>;

/** Pulumi as it is on this machine now, without getting anything. */
export async function findToolchain(env: NodeJS.ProcessEnv, folder = toolchainFolder()): Promise<Toolchain | undefined> {
  return (await findOnPath(env, folder, say)) ?? installed(folder);
}

/** Pulumi: the user's own if it will do, else the project's, which is got first if need be. */
export async function ensureToolchain(env: NodeJS.ProcessEnv, folder = toolchainFolder(), sources = defaultSources(env)): Promise<Toolchain> {
  const found = await findToolchain(env, folder);
  if (found) return found;
  return withLock(`${folder}.lock`, async () => installed(folder) ?? (await install(folder, sources)), {
    onWait: (pid) => say(`Waiting for process ${pid}, which is getting Pulumi …`),
  });
}

function installed(folder: string): Toolchain | undefined {
  const stamp = path.join(folder, "stamp");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== STAMP) return undefined;
  const complete = [PULUMI, LANGUAGE_HOST].every((name) => existsSync(path.join(folder, name)));
  return complete ? { pulumi: path.join(folder, PULUMI), pathFolder: folder } : undefined;
}

/** Everything goes into a folder aside, which takes the final name when it is complete: an interruption leaves nothing half done. */
async function install(folder: string, sources: Source[]): Promise<Toolchain> {
  say(`Getting Pulumi v${PULUMI_VERSION} into ${shown(folder)} (once; a few minutes):`);
  removeLeftovers(folder);
  const reasons: string[] = [];
  for (const source of sources) {
    const aside = `${folder}.${process.pid}.new`;
    mkdirSync(aside, { recursive: true });
    try {
      await source(aside);
      writeFileSync(path.join(aside, "stamp"), STAMP);
      rmSync(folder, { recursive: true, force: true });
      renameSync(aside, folder);
      return installed(folder)!;
    } catch (error) {
      reasons.push((error as Error).message);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  }
  throw new ToolError(noPulumi(reasons));
}

/** Of earlier attempts that were killed. We hold the lock: nobody is at work in them. */
function removeLeftovers(folder: string): void {
  const parent = path.dirname(folder);
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`${path.basename(folder)}.`) && name.endsWith(".new")) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

export function noPulumi(reasons: string[]): string {
  return [
    "Pulumi is needed, and there was no way to get it on this machine:",
    ...reasons.map((reason) => `  - ${reason}`),
    `Install one of the two, then run the same command again: Pulumi v${OLDEST_PULUMI} or newer (https://www.pulumi.com/docs/install), or Go ${OLDEST_GO} or newer (https://go.dev/dl), with which the project builds Pulumi itself.`,
  ].join("\n");
}

function defaultSources(env: NodeJS.ProcessEnv): Source[] {
  const withGo: Source = async (into) => {
    const reason = await whyNoGo(env);
    if (reason) throw new Error(reason);
    await buildWithGo(path.join(ROOT, "tools", "pulumi"), into, env, say);
  };
  return [withGo, (into) => downloadRelease(into, say)];
}
