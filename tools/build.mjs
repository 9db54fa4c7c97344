// Bundles each program of the project into dist/: they start in a fraction of the time that
// loading the sources would take, and run on a Node without TypeScript support.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { stageImages } from "./images.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const dist = path.join(root, "dist");
const stampFile = path.join(dist, "stamp");

/** Entry point of each program, by the file that it becomes. */
const programs = {
  "dist/services/standalone": "services/standalone.ts",
  "dist/services/cluster": "services/cluster.ts",
  "dist/services/controller": "services/distributed/controller.main.ts",
  "dist/services/invoker": "services/distributed/invoker.main.ts",
  "dist/provider/main": "infra/provider/main.ts",
  "dist/clients/whisk": "clients/cli/main.ts",
  "dist/tools/main": "tools/main.ts",
  "dist/bench/main": "test/bench/main.ts",
  "dist/faults/main": "test/faults/main.ts",
};

/**
 * The library that Pulumi programs import, inside its package: Node looks for a package's main file there.
 * Their own copies of its dependencies must be used.
 */
const libraries = { "infra/dist/index": "infra/index.ts" };

/** What JavaScript actions find without packing it, beside their runtime: also in its image, which installs nothing. */
const provided = { "runtimes/nodejs/node_modules/openwhisk/index": "openwhisk" };

/** Not bundled: what loads a native program, and what must exist once in a process because its classes are compared. */
const unbundled = ["esbuild", "@pulumi/pulumi", "@grpc/grpc-js", "google-protobuf"];

/** Everything that ends up in a bundle. */
const sources = ["services", "infra", "clients", "runtimes", "tools", "test/bench", "test/faults", "test/support", "package-lock.json"];

const present = (entries) => Object.entries(entries).filter(([, file]) => existsSync(path.join(root, file)));

const common = {
  absWorkingDir: root,
  outdir: ".",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node22",
  // import() becomes a deferred require(): what is loaded late resolves like everything else in a CommonJS bundle.
  supported: { "dynamic-import": false },
  sourcemap: true,
  logLevel: "warning",
  write: false,
};

/**
 * Brings dist/ up to date. Programs that run meanwhile, and other builds, are not disturbed.
 *
 * @returns entry points of the programs that do not compile; esbuild has printed why, and their last bundles stay
 */
export async function buildAll() {
  const stamp = fingerprint();
  if (isUpToDate(stamp)) return [];
  const results = await Promise.all([
    ...present(programs).map((entry) => bundle(entry, { external: unbundled })),
    ...present(libraries).map((entry) => bundle(entry, { packages: "external" })),
    ...Object.entries(provided).map((entry) => bundle(entry, { sourcemap: false, minify: true })),
  ]);
  const failed = results.flatMap(({ failure }) => failure ?? []);
  const files = results.flatMap(({ outputFiles }) => outputFiles ?? []);
  for (const { path: file, contents } of files) replace(file, contents);
  if (failed.length > 0) return failed;
  removeAllBut(new Set([...files.map((file) => file.path), ...stageImages(root)]));
  replace(stampFile, stamp);
  return [];
}

/** Someone may have removed a bundle: then the stamp alone means nothing. */
function isUpToDate(stamp) {
  const files = [stampFile, path.join(dist, "images", "controller", "Dockerfile"), ...[...present({ ...programs, ...libraries }), ...Object.entries(provided)].map(([out]) => path.join(root, `${out}.js`))];
  return files.every((file) => existsSync(file)) && readFileSync(stampFile, "utf8") === stamp;
}

async function bundle([out, file], options) {
  try {
    return await build({ ...common, ...options, entryPoints: { [out]: file } });
  } catch (error) {
    if (!error.errors) throw error;
    return { failure: file };
  }
}

/** Puts a file in place in one step: whoever reads it sees the old or the new one, never half of it. */
function replace(file, contents) {
  if (existsSync(file) && readFileSync(file).equals(Buffer.from(contents))) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.new`;
  writeFileSync(temporary, contents);
  renameSync(temporary, file);
}

/** Bundles of programs that the project no longer has. */
function removeAllBut(keep) {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && /\.js(\.map)?$/.test(file) && !keep.has(file)) rmSync(file, { force: true });
  }
}

/** Changes whenever a source does; looking at times and sizes is enough and takes milliseconds. */
function fingerprint() {
  const hash = createHash("sha256");
  const visit = (file) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) return;
    if (!stat.isDirectory()) return void hash.update(`${file} ${stat.size} ${stat.mtimeMs}\n`);
    for (const name of readdirSync(file).sort()) if (!["node_modules", "dist"].includes(name) && !name.startsWith(".stackwhisk")) visit(path.join(file, name));
  };
  for (const source of sources) visit(path.join(root, source));
  return hash.digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if ((await buildAll()).length > 0) process.exitCode = 1;
}
