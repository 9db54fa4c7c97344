import path from "node:path";
import { ToolError } from "../lib/errors";
import { whyNoGo } from "../lib/goBuild";
import { installFrom, isInstalled, type Source } from "../lib/installation";
import { withLock } from "../lib/lock.cjs";
import { ROOT, shown, toolchainFolder } from "../lib/paths";
import { say } from "../lib/say";
import { downloadRelease } from "./download";
import { buildWithGo } from "./goBuild";
import { findOnPath, type Toolchain } from "./locate";
import { LANGUAGE_HOST, LANGUAGE_HOST_VERSION, OLDEST_GO, OLDEST_PULUMI, PULUMI, PULUMI_VERSION } from "./versions";

/** Noted down beside the programs: another text means that they are to be replaced. */
export const STAMP = `${PULUMI} ${PULUMI_VERSION}, ${LANGUAGE_HOST} ${LANGUAGE_HOST_VERSION}\n`;

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
  return isInstalled(folder, STAMP, [PULUMI, LANGUAGE_HOST]) ? { pulumi: path.join(folder, PULUMI), pathFolder: folder } : undefined;
}

async function install(folder: string, sources: Source[]): Promise<Toolchain> {
  say(`Getting Pulumi v${PULUMI_VERSION} into ${shown(folder)} (once; a few minutes):`);
  const reasons = await installFrom(sources, folder, STAMP);
  if (reasons) throw new ToolError(noPulumi(reasons));
  return installed(folder)!;
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
    const reason = await whyNoGo(env, OLDEST_GO);
    if (reason) throw new Error(reason);
    await buildWithGo(path.join(ROOT, "tools", "pulumi"), into, env, say);
  };
  return [withGo, (into) => downloadRelease(into, say)];
}
