import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fatalMessage } from "../background/platformLog";
import type { ProgramConfig } from "../background/programConfig";
import { platformEnvironment, type Program } from "../background/start";

/** Milliseconds that two servers may take to forget a platform. */
const LIMIT = 60_000;

/**
 * Lets the platform's program remove what is on the two servers. Its configuration is written for that: the platform's own
 * may be gone.
 *
 * @throws Error with what the program says, which names the server that is in the way
 */
export async function removeFromServers(program: Program, config: ProgramConfig): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-remove-"));
  try {
    const configFile = path.join(folder, "config.json");
    const log = path.join(folder, "log");
    writeFileSync(configFile, JSON.stringify(config), { mode: 0o600 });
    const end = await run(program, ["--config", configFile, "--remove"], log);
    if (end !== undefined) throw new Error((await fatalMessage(log, 0)) ?? end);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns undefined if all went well, else how it ended */
function run({ node, file }: Program, args: readonly string[], log: string): Promise<string | undefined> {
  const output = openSync(log, "a", 0o600);
  const child = spawn(node, [file, ...args], { stdio: ["ignore", output, output], env: platformEnvironment(), timeout: LIMIT, killSignal: "SIGKILL" });
  closeSync(output);
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`${node} cannot be run: ${error.message}`));
    child.once("exit", (code, signal) => resolve(code === 0 ? undefined : signal ? `it was ended by ${signal}` : `it ended with code ${code}`));
  });
}
