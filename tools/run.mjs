#!/usr/bin/env node
// Where every npm script begins. It runs on Node 18 and with nothing installed: it installs the
// dependencies, changes to the Node that the project needs, bundles what changed, and hands over.
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ensureDependencies } from "./bootstrap/dependencies.mjs";
import { isNewEnough, runAgainWithNewerNode } from "./bootstrap/node.mjs";
import { fail } from "./bootstrap/say.mjs";

const script = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(script), "..");
const args = process.argv.slice(2);

await ensureDependencies(root);
if (isNewEnough(process.versions.node)) {
  const { buildAll } = await import("./build.mjs");
  // esbuild has printed what does not compile, and where.
  await buildAll().catch((error) => fail(error.errors ? "The project's programs cannot be bundled (above)." : `The project's programs cannot be bundled: ${error.message}`));
  const { main } = await import(pathToFileURL(path.join(root, "dist", "tools", "main.js")).href);
  process.exitCode = await main(args);
} else {
  process.exitCode = await runAgainWithNewerNode(root, script, args);
}
