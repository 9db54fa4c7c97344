// Bundles each program of the project into dist/: they start in a fraction of the time that
// loading the sources would take, and run on a Node without TypeScript support.
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** Entry point of each program, by the file below dist/ that it becomes. */
const programs = {
  "services/standalone": "services/standalone.ts",
  "provider/main": "infra/provider/main.ts",
  "clients/whisk": "clients/cli/main.ts",
  "tools/main": "tools/main.ts",
  "bench/main": "test/bench/main.ts",
};

/** The library that Pulumi programs import: their own copies of its dependencies must be used. */
const libraries = { "infra/index": "infra/index.ts" };

const present = (entries) => Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(path.join(root, file))));

const common = {
  absWorkingDir: root,
  outdir: "dist",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node22",
  sourcemap: true,
  logLevel: "warning",
};

export async function buildAll() {
  rmSync(path.join(root, "dist"), { recursive: true, force: true });
  await Promise.all([
    build({ ...common, entryPoints: present(programs), external: ["esbuild", "@pulumi/pulumi"] }),
    build({ ...common, entryPoints: present(libraries), packages: "external" }),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
