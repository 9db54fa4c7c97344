import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { capture } from "../lib/exec";
import { onPath } from "../lib/onPath";
import { isAtLeast } from "../lib/version";
import { LANGUAGE_HOST, OLDEST_PULUMI, PULUMI } from "./versions";

export interface Toolchain {
  /** Absolute path of the CLI. */
  pulumi: string;
  /** Folder that must come first on PATH so that the CLI finds its language host; none if PATH is right already. */
  pathFolder?: string;
}

/** Whether this CLI has a Node language host to work with: beside it (links followed), or on PATH. */
export function hasLanguageHost(pulumi: string, env: NodeJS.ProcessEnv): boolean {
  return existsSync(path.join(path.dirname(realpathSync(pulumi)), LANGUAGE_HOST)) || onPath(LANGUAGE_HOST, env).length > 0;
}

/**
 * The user's own Pulumi, if it is new enough and complete.
 *
 * @param ours the folder of the toolchain that we build: it is not the user's, even if it is on PATH
 * @returns undefined, after telling why, if the first Pulumi on PATH cannot be used
 */
export async function findOnPath(env: NodeJS.ProcessEnv, ours: string, tell: (line: string) => void): Promise<Toolchain | undefined> {
  const pulumi = onPath(PULUMI, env).find((file) => path.dirname(file) !== ours);
  if (!pulumi) return undefined;
  const { code, stdout } = await capture(pulumi, ["version"], { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
  const version = stdout.trim();
  if (code !== 0 || !isAtLeast(version, OLDEST_PULUMI)) {
    tell(`${pulumi} is ${version || "unusable"}; at least v${OLDEST_PULUMI} is needed, so the project brings its own.`);
    return undefined;
  }
  if (!hasLanguageHost(pulumi, env)) {
    tell(`${pulumi} comes without ${LANGUAGE_HOST}, so the project brings its own.`);
    return undefined;
  }
  return { pulumi };
}
