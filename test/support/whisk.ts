import { execFile } from "node:child_process";
import path from "node:path";

const PROGRAM = path.resolve("clients/cli/bin/whisk.js");

export interface Said {
  status: number;
  stdout: string;
  stderr: string;
}

export type Whisk = (...args: string[]) => Promise<Said>;

/** Runs `whisk` in a folder, as a person does who has only the two variables that `npm run -s env` prints. */
export function whiskIn(folder: string, platform: { apiHost: string; auth: string }): Whisk {
  const env = { PATH: process.env.PATH, HOME: folder, WHISK_APIHOST: platform.apiHost, WHISK_AUTH: platform.auth };
  return (...args) =>
    new Promise((resolve) => {
      execFile(process.execPath, [PROGRAM, ...args], { env, cwd: folder }, (error, stdout, stderr) =>
        resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
}

/** What a command prints that must not fail. @throws when it does */
export async function successful(run: Whisk, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(...args);
  if (status !== 0) throw new Error(`whisk ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}
