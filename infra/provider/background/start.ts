import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, closeSync, openSync } from "node:fs";
import type { DataDir } from "./dataDir";
import { askHealth, urlOf, type Endpoint } from "./endpoint";
import { fatalMessage, rotate, sizeOf, tail } from "./platformLog";
import { kill } from "./processes";
import { until } from "./wait";

const SHOWN_LINES = 20;

/**
 * What the platform sees of the environment of whoever runs Pulumi. It lives long and runs other people's code, so the
 * tokens and passphrases of a shell are none of its business.
 */
const PASSED_ON = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|(HTTPS?|NO|ALL)_PROXY|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|DOCKER_HOST)$/i;

export const platformEnvironment = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name)));

export interface Program {
  /** Path of Node. */
  node: string;
  /** Path of the platform's program. */
  file: string;
}

/**
 * Starts the platform of a folder as a process of its own session, so that it outlives Pulumi and its terminal, and
 * waits until it serves. A failed start leaves no process.
 *
 * @param limit milliseconds until it must serve
 * @param hint what to do about the reason why it ended, if there is something to say
 * @returns its process id
 * @throws Error that says what was waited for and why it ended, with the last lines of the log
 */
export async function startPlatform(program: Program, dir: DataDir, endpoint: Endpoint, limit: number, signal: AbortSignal, hint: (reason: string) => string): Promise<number> {
  rotate(dir.logFile);
  const logStart = sizeOf(dir.logFile);
  const child = launch(program, dir);
  let ended: string | undefined;
  child.once("error", (error) => (ended = `${program.node} cannot be run: ${error.message}`));
  child.once("exit", (code, by) => (ended ??= by ? `its process was ended by ${by}` : `its process ended with code ${code}`));

  try {
    const serves = await until(
      async () => {
        if (ended) throw new Error((await fatalMessage(dir.logFile, logStart)) ?? ended);
        return (await askHealth(endpoint, 1000))?.pid === child.pid || undefined;
      },
      limit,
      signal,
    );
    if (!serves) throw new Error(`${urlOf(endpoint)}/health was not healthy after ${limit / 1000} s`);
    child.unref();
    return child.pid!;
  } catch (error) {
    if (child.pid !== undefined && !ended) await end(child);
    const lines = await tail(dir.logFile, logStart, SHOWN_LINES);
    const log = lines.length > 0 ? `\nThe last lines of ${dir.logFile}:\n${lines.map((line) => `  ${line}`).join("\n")}` : "";
    const { message } = error as Error;
    throw new Error(`the platform did not start: ${message}${hint(message)}${log}`);
  }
}

function launch(program: Program, dir: DataDir): ChildProcess {
  const log = openSync(dir.logFile, "a", 0o600);
  try {
    chmodSync(dir.path, 0o700);
    return spawn(program.node, [program.file, "--config", dir.configFile], {
      cwd: dir.path,
      detached: true,
      stdio: ["ignore", log, log],
      env: platformEnvironment(),
    });
  } finally {
    closeSync(log);
  }
}

async function end(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once("exit", resolve));
  kill(child.pid!);
  await exited;
}
