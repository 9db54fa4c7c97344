import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { homeFolder } from "../lib/paths";
import type { Toolchain } from "./locate";

export interface Environment {
  /** Whether Pulumi keeps its state in the checkout, because the user has no login of their own. */
  own: boolean;
  /** Folder of `own` state and passphrase. */
  home: string;
  /** Complete: nothing is to be added from the process's own environment. */
  variables: NodeJS.ProcessEnv;
}

/** The folder of a Node that is an npm package. */
const NPM_NODE = /[\\/]node_modules[\\/][^\\/]+[\\/]bin$/;

/** Where Pulumi keeps the state of a file backend with this home folder. */
export const stateFolder = (home: string): string => path.join(home, "state");
const passphraseFile = (home: string): string => path.join(home, "passphrase");

/**
 * Whether the user has a backend of their own, which is then used untouched. Naming a home folder
 * (`STACKWHISK_HOME`) asks for the state to be there.
 *
 * @param credentials text of Pulumi's credentials file, if there is one
 */
export function hasOwnLogin(env: NodeJS.ProcessEnv, credentials: string | undefined): boolean {
  if (env.STACKWHISK_HOME) return false;
  if (env.PULUMI_BACKEND_URL || env.PULUMI_ACCESS_TOKEN) return true;
  try {
    return Boolean((JSON.parse(credentials ?? "{}") as { current?: string }).current);
  } catch {
    return false;
  }
}

function readCredentials(env: NodeJS.ProcessEnv): string | undefined {
  const folder = env.PULUMI_CREDENTIALS_PATH || env.PULUMI_HOME || path.join(os.homedir(), ".pulumi");
  const file = path.join(folder, "credentials.json");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

export function usesOwnState(env: NodeJS.ProcessEnv): boolean {
  return !hasOwnLogin(env, readCredentials(env));
}

/** What the CLI runs with. Makes the home folder and the passphrase if they are needed and missing. */
export function prepareEnvironment(env: NodeJS.ProcessEnv, toolchain: Toolchain | undefined, node = process.execPath): Environment {
  const home = homeFolder(env);
  const own = usesOwnState(env);
  if (own) {
    mkdirSync(stateFolder(home), { recursive: true, mode: 0o700 });
    ensurePassphrase(passphraseFile(home));
  }
  return { own, home, variables: cliVariables(env, { own, home, toolchain, node }) };
}

/** Pure part of the above. */
export function cliVariables(
  env: NodeJS.ProcessEnv,
  { own, home, toolchain, node }: { own: boolean; home: string; toolchain?: Toolchain; node: string },
): NodeJS.ProcessEnv {
  // A Node that npm brought along must come before the machine's, which is too old for Pulumi's programs.
  const nodeFolder = NPM_NODE.test(path.dirname(node)) ? path.dirname(node) : undefined;
  const PATH = [toolchain?.pathFolder, nodeFolder, env.PATH].filter(Boolean).join(path.delimiter);
  const common: NodeJS.ProcessEnv = { ...env, PATH, PULUMI_SKIP_UPDATE_CHECK: "true" };
  if (!own) return common;
  // Taken out, because each would win over what is set below.
  const { PULUMI_ACCESS_TOKEN: _token, PULUMI_CONFIG_PASSPHRASE: _passphrase, ...rest } = common;
  return {
    ...rest,
    PULUMI_HOME: path.join(home, "pulumi"),
    PULUMI_BACKEND_URL: `file://${stateFolder(home)}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(home),
  };
}

/** The link makes the file appear complete, and leaves the passphrase of whoever was first. */
function ensurePassphrase(file: string): void {
  if (existsSync(file)) return;
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, randomBytes(32).toString("base64url"), { mode: 0o600 });
  try {
    linkSync(mine, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}
