import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram, interpreter } from "./onPath";
import { prepareToolchain, targetOf, WAY_OUT } from "./swift/toolchain";

/** A container image, as OpenWhisk's manifest writes it: `[registry/][prefix/]name[:tag]`. */
export interface RuntimeImage {
  registry?: string;
  prefix?: string;
  name: string;
  tag?: string;
}

/** An image that anybody may name in place of a kind. */
export interface BlackboxImage extends RuntimeImage {
  /** What runs when it is named. @default the image itself */
  image?: RuntimeImage;
}

/** Runtimes that are started before anybody asks for them. */
export interface StemCell {
  initialCount: number;
  /** A size with its unit, `"256 MB"`. */
  memory: string;
  reactive?: {
    minCount: number;
    maxCount: number;
    /** A time with its unit, `"2 minutes"`. */
    ttl: string;
    /** Cold starts in a minute from which on more are started… */
    threshold: number;
    /** …and how many more. */
    increment: number;
  };
}

/** One kind of action, `nodejs:24` for example. */
export interface RuntimeKind {
  kind: string;
  /** The one that `<family>:default` names. */
  default: boolean;
  image: RuntimeImage;
  /** Actions of it can be read and deleted, not created, changed or invoked. */
  deprecated: boolean;
  /** Present when the code is stored apart from the action. */
  attached?: { attachmentName: string; attachmentType: string };
  /** The entry point has no default name. */
  requireMain?: boolean;
  stemCells?: StemCell[];
}

export interface RuntimesManifest {
  description?: string[];
  /** The kinds of each family, `nodejs` for example. */
  runtimes: Record<string, RuntimeKind[]>;
  /** Images that anybody may name in place of a kind and that are not pulled anew. */
  blackboxes: BlackboxImage[];
}

/** How the process driver starts a runtime: `spawn(command, args, {env: {...process.env, ...env}})`. */
export interface ProcessCommand {
  command: string;
  args: string[];
  env: Record<string, string>;
  /**
   * What the machine needs before, however often it is asked for. Its result belongs to `env`, too.
   * @throws Error for people
   */
  prepare?(): Promise<Record<string, string>>;
}

/** Why a kind has no process form here: a message for people, with the kind, what is missing and the way out. */
export interface MissingRuntime {
  missing: string;
}

/**
 * Reads `manifest.json`.
 * @param root the `runtimes` folder
 * @throws when the file is not there, is no JSON, or a family has not exactly one default
 */
export function loadManifest(root: string): RuntimesManifest {
  const file = join(root, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as RuntimesManifest;
  for (const [family, kinds] of Object.entries(manifest.runtimes)) {
    const defaults = kinds.filter((kind) => kind.default);
    if (defaults.length !== 1) throw new Error(`${file}: the family "${family}" needs one default kind and has ${defaults.length}`);
  }
  return { ...manifest, blackboxes: manifest.blackboxes ?? [] };
}

/** @param kind a kind, or `<family>:default` */
export function findKind(manifest: RuntimesManifest, kind: string): RuntimeKind | undefined {
  const family = /^([a-z0-9]+):default$/.exec(kind)?.[1];
  if (family !== undefined) return manifest.runtimes[family]?.find((candidate) => candidate.default);
  return Object.values(manifest.runtimes)
    .flat()
    .find((candidate) => candidate.kind === kind);
}

/** `stackwhisk/runtime-nodejs:latest` */
export function imageName(image: RuntimeImage): string {
  const registry = image.registry ? `${image.registry.replace(/\/$/, "")}/` : "";
  return `${registry}${image.prefix ? `${image.prefix}/` : ""}${image.name}${image.tag ? `:${image.tag}` : ""}`;
}

/** What `GET /` of the API shows of a kind, in OpenWhisk's shape. */
export interface PublicKind {
  kind: string;
  image: string;
  deprecated: boolean;
  default: boolean;
  attached: boolean;
  requireMain: boolean;
}

export function publicRuntimes(manifest: RuntimesManifest): Record<string, PublicKind[]> {
  const describe = (kind: RuntimeKind): PublicKind => ({
    kind: kind.kind,
    image: imageName(kind.image),
    deprecated: kind.deprecated,
    default: kind.default,
    attached: kind.attached !== undefined,
    requireMain: kind.requireMain ?? false,
  });
  return Object.fromEntries(Object.entries(manifest.runtimes).map(([family, kinds]) => [family, kinds.map(describe)]));
}

/**
 * How the runtime of a kind is started as a process of this machine.
 * @param kind `nodejs:24`, also `nodejs:default`
 * @param root the `runtimes` folder; a parameter because a bundled service does not know where it came from
 * @param path where programs are looked for, in the form of `PATH`
 */
export function processCommand(kind: string, root: string, path = process.env.PATH ?? ""): ProcessCommand | MissingRuntime {
  const proxy = join(root, "proxy", "main.cjs");
  switch (kind.split(":")[0]) {
    case "nodejs":
      return processOf(watched([process.execPath, proxy], path));
    case "python": {
      const program = findProgram("python3", path);
      if (program === undefined) {
        return { missing: `The kind ${kind} needs Python 3 (python3 on PATH), which this machine does not have: install it.` };
      }
      const launcher = watched([interpreter(program), "-X", "utf8", join(root, "python", "launcher.py")], path);
      return processOf(watched([process.execPath, proxy, ...launcher], path));
    }
    case "swift":
      return swiftCommand(kind, root, path);
    default:
      return { missing: `The kind ${kind} has no runtime that runs as a process. The kinds nodejs:24, python:3 and swift:6 have.` };
  }
}

function swiftCommand(kind: string, root: string, path: string): ProcessCommand | MissingRuntime {
  // Packages are built with the one, sources with the other.
  const [swift, swiftc] = [findProgram("swift", path), findProgram("swiftc", path)];
  if (swift === undefined || swiftc === undefined) {
    return { missing: `The kind ${kind} needs the Swift toolchain (${swiftc ? "swift" : "swiftc"} on PATH), which this machine does not have: ${WAY_OUT}` };
  }
  try {
    targetOf({ swiftc, path });
  } catch (error) {
    return { missing: `The kind ${kind} cannot run here: ${(error as Error).message}` };
  }
  return { ...tied([process.execPath, join(root, "proxy", "main.cjs"), "--swift"], path), prepare: () => prepareToolchain({ sources: join(root, "swift"), swiftc, path }) };
}

/**
 * How any program is run as a process of this machine; each runtime has a folder of its own for it.
 * @param root the `runtimes` folder
 * @param path where programs are looked for, in the form of `PATH`
 */
export function programCommand(root: string, path = process.env.PATH ?? ""): ProcessCommand {
  return tied([process.execPath, join(root, "proxy", "main.cjs"), "--executable"], path);
}

/** A runtime that starts another process for its action, which would stay when the runtime is killed: it ties that one to itself in the same way. */
function tied(command: string[], path: string): ProcessCommand {
  const setpriv = findSetpriv(path);
  return { ...processOf(watched(command, path)), env: setpriv === undefined ? {} : { STACKWHISK_SETPRIV: setpriv } };
}

/**
 * Where the system has `setpriv` (Linux), the kernel ends the process together with its parent. A runtime notices the end
 * of its parent through its standard input, but not while an action keeps it busy.
 */
function watched(command: string[], path: string): string[] {
  const setpriv = findSetpriv(path);
  return setpriv === undefined ? command : [setpriv, "--pdeathsig", "KILL", ...command];
}

const findSetpriv = (path: string): string | undefined => (process.platform === "linux" ? findProgram("setpriv", path) : undefined);

function processOf([command = "", ...args]: string[]): ProcessCommand {
  return { command, args, env: {} };
}
