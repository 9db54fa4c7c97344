#!/usr/bin/env node
// Where every npm script begins. It runs on Node 18 and with nothing installed: it installs the
// dependencies, changes to the Node that the project needs, bundles what changed, and hands over.
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ensureDependencies } from "./bootstrap/dependencies.mjs";
import { isNewEnough, runAgainWithNewerNode } from "./bootstrap/node.mjs";
import { fail, say } from "./bootstrap/say.mjs";

const script = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(script), "..");
const args = process.argv.slice(2);

/** Commands that are of use although some program does not compile: what is up can be used and taken down, and tests tell more. */
const TOLERANT = new Set(["down", "env", "test"]);

await ensureDependencies(root);
if (isNewEnough(process.versions.node)) {
  const { buildAll } = await import("./build.mjs");
  const failed = await buildAll();
  const main = path.join(root, "dist", "tools", "main.js");
  if (failed.length > 0) {
    const message = `These programs of the project do not compile (above): ${failed.join(", ")}.`;
    if (!TOLERANT.has(args[0]) || failed.includes("tools/main.ts")) fail(message);
    say(message);
  }
  process.exitCode = await (await import(pathToFileURL(main).href)).main(args);
} else {
  process.exitCode = await runAgainWithNewerNode(root, script, args);
}
