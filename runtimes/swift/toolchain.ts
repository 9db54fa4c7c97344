import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** The first version of Swift that has what the libraries are written in. */
const MAJOR = 6;
const OUTPUT_LIMIT = 16 * 1024 * 1024;
/** Milliseconds that the compiler may take to tell what it is. */
const ANSWER_LIMIT = 10_000;
/** What to do where there is no toolchain that will do. */
export const WAY_OUT = "install Swift 6 (https://www.swift.org/install), or run actions in containers ('npm run up -- docker').";

/** What a Swift action is compiled with on this machine. */
export interface Toolchain {
  /** The folder `runtimes/swift`. */
  sources: string;
  /** The program, as the path has it. */
  swiftc: string;
  /** Where programs are looked for, in the form of `PATH`. */
  path: string;
  /** Where compiled libraries are kept. @default {@link cacheFolder} */
  cache?: string;
}

/** What `swiftc -print-target-info` tells, as far as it is asked. */
interface TargetInfo {
  compilerVersion: string;
  paths?: { runtimeResourcePath?: string };
}

const targets = new Map<string, string>();

/** Another one when the compiler was changed. @throws Error when it is gone */
function identityOf({ swiftc, path }: Pick<Toolchain, "swiftc" | "path">): string {
  const { mtimeMs, size } = statSync(swiftc);
  return [swiftc, path, mtimeMs, size].join("\0");
}

/**
 * What the compiler tells of itself, in JSON. Asked once, which takes up to a second.
 *
 * @throws Error for people, when it does not answer or is too old
 */
export function targetOf(toolchain: Pick<Toolchain, "swiftc" | "path">): string {
  const { swiftc, path } = toolchain;
  const key = identityOf(toolchain);
  const known = targets.get(key);
  if (known !== undefined) return known;
  const { text, version } = askCompiler(swiftc, path);
  const major = Number(/version (\d+)/.exec(version)?.[1]);
  if (!(major >= MAJOR)) throw new Error(`${swiftc} is ${version}, and actions need Swift ${MAJOR}: ${WAY_OUT}`);
  targets.set(key, text);
  return text;
}

function askCompiler(swiftc: string, path: string): { text: string; version: string } {
  try {
    const text = execFileSync(swiftc, ["-print-target-info"], { encoding: "utf8", env: { ...process.env, PATH: path }, timeout: ANSWER_LIMIT, stdio: ["ignore", "pipe", "pipe"] });
    return { text, version: (JSON.parse(text) as TargetInfo).compilerVersion };
  } catch (error) {
    throw new Error(`${swiftc} does not tell its version: ${(error as Error).message.trim()}. Mend it, or ${WAY_OUT}`, { cause: error });
  }
}

/** A folder of the user's for what can be made again, as the system wants it: `XDG_CACHE_HOME`, by default `~/.cache`; on macOS `~/Library/Caches`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const own = platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
  // By the standard a path that is not absolute does not count.
  return join(env.XDG_CACHE_HOME?.startsWith("/") ? env.XDG_CACHE_HOME : own, "stackwhisk", "swift");
}

const prepared = new Map<string, Promise<Record<string, string>>>();

/**
 * Sees to it that the libraries that actions are linked with are compiled, once for each toolchain and each content of theirs,
 * whoever on this machine asks for them at the same time. It takes some twenty seconds the first time.
 *
 * @returns variables for the runtime's process: where the libraries are, and the toolchain first on its path
 * @throws Error for people, with what the compiler said
 */
export function prepareToolchain(toolchain: Toolchain): Promise<Record<string, string>> {
  const key = [toolchain.sources, toolchain.cache, identityOf(toolchain)].join("\0");
  const known = prepared.get(key) ?? Promise.resolve(undefined);
  const work = known.then((env) => (env && existsSync(libraryIn(env.STACKWHISK_SWIFT!)) ? env : prepare(toolchain)));
  prepared.set(key, work);
  // What failed is tried again: something may have been installed since.
  work.catch(() => prepared.get(key) === work && prepared.delete(key));
  return work;
}

const libraryIn = (folder: string): string => join(folder, "lib");

async function prepare({ sources, swiftc, path, cache = cacheFolder() }: Toolchain): Promise<Record<string, string>> {
  const target = targetOf({ swiftc, path });
  const folder = join(cache, hashOf(sources, target));
  if (!existsSync(libraryIn(folder))) await compile(sources, folder, path);
  return { STACKWHISK_SWIFT: folder, PATH: [...binOf(JSON.parse(target) as TargetInfo), path].join(delimiter) };
}

/** Of everything that decides what is compiled. */
function hashOf(sources: string, target: string): string {
  const hash = createHash("sha256").update(target).update(readFileSync(join(sources, "build.sh")));
  for (const module of ["StackwhiskRuntime", "StackwhiskClient"]) {
    for (const name of readdirSync(join(sources, module)).sort()) hash.update(`\0${module}/${name}\0`).update(readFileSync(join(sources, module, name)));
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * The folder appears with all that is in it, in one step. Two that compile at the same time do it both, and the first one's counts;
 * the compiler's cache of modules, which cannot be moved, they share.
 */
async function compile(sources: string, folder: string, path: string): Promise<void> {
  const library = libraryIn(folder);
  const made = folderBeside(library);
  try {
    await run("/bin/sh", [join(sources, "build.sh"), made, join(folder, "modules")], path);
    renameSync(made, library);
  } catch (error) {
    if (!existsSync(library)) throw new Error(`The libraries of Swift actions could not be compiled: ${(error as Error).message}`, { cause: error });
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

function folderBeside(library: string): string {
  try {
    mkdirSync(dirname(library), { recursive: true, mode: 0o700 });
    return mkdtempSync(`${library}.`);
  } catch (error) {
    throw new Error(`The libraries of Swift actions cannot be kept: ${(error as Error).message}. Name a folder that can be written to in XDG_CACHE_HOME.`, { cause: error });
  }
}

/**
 * The folder of the toolchain's own programs, where it can be told. Version managers put programs in front of them that look into
 * the user's home, which is another one for an action. Not on macOS, where those on the path find the system's libraries too.
 */
function binOf({ paths }: TargetInfo): string[] {
  const resources = paths?.runtimeResourcePath;
  if (process.platform === "darwin" || !resources) return [];
  const bin = join(dirname(dirname(resources)), "bin");
  return ["swift", "swiftc"].every((name) => existsSync(join(bin, name))) ? [realpathSync(bin)] : [];
}

function run(command: string, args: string[], path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { env: { ...process.env, PATH: path }, maxBuffer: OUTPUT_LIMIT }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      reject(new Error(`${`${stderr}\n${stdout}`.trim() || error.message}`, { cause: error }));
    });
  });
}
