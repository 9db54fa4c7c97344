import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { lastLines } from "../lib/exec";
import { buildGoProgram, go, type GoProgram, whyNoGo } from "../lib/goBuild";
import { installFrom, isInstalled } from "../lib/installation";
import { withLock } from "../lib/lock.cjs";
import { ROOT, shown, testServersFolder } from "../lib/paths";
import { say } from "../lib/say";

/** What tools/testServers/go.mod asks for. */
export const FERRETDB_VERSION = "1.24.0";

const MODULE = "github.com/FerretDB/FerretDB";
/** The `go` line of FerretDB's go.mod. */
const OLDEST_GO = "1.22";
const STAMP = `ferretdb ${FERRETDB_VERSION}\n`;

const PROGRAM: GoProgram = {
  name: "ferretdb",
  version: FERRETDB_VERSION,
  package: "./cmd/ferretdb",
  ldflags: "-s -w",
  // The tests use SQLite.
  tags: "ferretdb_no_postgresql",
  packages: 400,
};

/**
 * FerretDB for tests that need a server of MongoDB's protocol, built once if there is Go.
 *
 * @returns why there is none
 */
export async function ensureFerretDb(env: NodeJS.ProcessEnv, folder = testServersFolder()): Promise<string | undefined> {
  if (isInstalled(folder, STAMP, [PROGRAM.name])) return undefined;
  const noGo = await whyNoGo(env, OLDEST_GO);
  if (noGo) return noGo;
  return withLock(`${folder}.lock`, () => isInstalled(folder, STAMP, [PROGRAM.name]) ? undefined : install(folder, env), {
    onWait: (pid) => say(`Waiting for process ${pid}, which is building FerretDB …`),
  });
}

async function install(folder: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  say(`Building FerretDB v${FERRETDB_VERSION} into ${shown(folder)} (once; a minute or two):`);
  const reasons = await installFrom([(into) => build(into, env)], folder, STAMP);
  return reasons?.join("; ");
}

/** @throws Error with the end of Go's output */
async function build(into: string, env: NodeJS.ProcessEnv): Promise<void> {
  const source = path.join(into, "source");
  copyFiles(await download(env), source);
  // The module lacks this file, and the program does not start without it.
  writeFileSync(path.join(source, "build", "version", "version.txt"), `v${FERRETDB_VERSION}\n`);
  await buildGoProgram(PROGRAM, source, into, env, say);
  rmSync(source, { recursive: true });
}

/** @returns folder of the module's source, which tools/testServers/go.sum vouches for */
async function download(env: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, stderr } = await go(["mod", "download", "-json", MODULE], path.join(ROOT, "tools", "testServers"), env);
  if (code !== 0) throw new Error(`${MODULE} v${FERRETDB_VERSION} could not be fetched: ${lastLines(stderr || stdout)}`);
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

/** Without the modes: what Go keeps of modules cannot be written to. */
function copyFiles(from: string, to: string): void {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const copy = path.join(to, path.relative(from, file));
    mkdirSync(path.dirname(copy), { recursive: true });
    writeFileSync(copy, readFileSync(file));
  }
}
