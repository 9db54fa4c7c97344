/** From the input `code` to what is deployed. */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { Archive, Asset } from "../properties";
import { readFolder, zip, type Files } from "./archive";
import { bundle, transform } from "./bundle";
import { CodeError } from "./errors";
import { freeNames } from "./freeNames";
import { extensions, isBinary, isBundled, kindOfFile, kindOfFolder } from "./kinds";
import { checkPython } from "./python";

export interface Code {
  /** As the API takes it: text, or base64 of a binary. */
  text: string;
  binary: boolean;
  /** Undefined: nothing tells it. */
  kind?: string;
  /** Of the text's or the binary's bytes, in hex. */
  sha256: string;
}

export interface LoadOptions {
  /** Relative paths are relative to it. */
  directory: string;
  /** As the user gave it. */
  kind?: string;
  /** Name of the function that runs. */
  main?: string;
}

/** @throws CodeError */
export async function loadCode(source: string | Asset | Archive, options: LoadOptions): Promise<Code> {
  if (typeof source === "string") return loadPath(source, options);
  if (source instanceof Archive) return source.source.path ? loadPath(source.source.path, options) : binaryOf(zip(await collect(source)), options, kindOfFolder(new Set(Object.keys(source.source.assets ?? {}))));
  const { text, path: file, uri } = source.source;
  if (file !== undefined) return loadPath(file, options);
  if (text !== undefined) return loadText(text, options);
  if (uri !== undefined) return loadText(await download(uri), options);
  throw new CodeError("the content of this asset is not known any more");
}

/** Of code as the API returns it; comparable with what `loadCode` gave for the same. */
export function hashOf(text: string, binary: boolean): string {
  return createHash("sha256")
    .update(text, binary ? "base64" : "utf8")
    .digest("hex");
}

async function loadPath(file: string, options: LoadOptions): Promise<Code> {
  const full = path.resolve(options.directory, file);
  const info = await stat(full).catch(() => undefined);
  if (!info) throw new CodeError(`${file} does not exist (in ${options.directory})`);
  if (info.isDirectory()) {
    const files = await readFolder(full);
    return binaryOf(zip(files), options, kindOfFolder(new Set(files.keys())));
  }
  if (isBinary(file)) return binaryOf(await readFile(full), options, kindOfFile(file));
  const kind = options.kind ?? kindOfFile(file);
  if (kind === undefined) throw new CodeError(`${file} does not tell its runtime: name it in the property kind, or use one of ${extensions()}`);
  if (isBundled(file)) return textOf(await bundle(file, options.directory, options.main ?? "main"), kind);
  const text = await readFile(full, "utf8");
  if (kind.startsWith("python")) await checkPython(text, file);
  return textOf(text, kind);
}

async function loadText(text: string, options: LoadOptions): Promise<Code> {
  const kind = options.kind ?? "nodejs:default";
  if (kind.startsWith("python")) await checkPython(text, "code");
  if (kind.startsWith("nodejs")) {
    await transform(text, "code");
    const free = await freeNames(text);
    if (free.length > 0) {
      throw new CodeError(`uses ${free.join(", ")} without defining it: an inline function cannot capture what is around it. Give it as a parameter, require a module inside of the function, or put the code in a file`);
    }
  }
  return textOf(text, kind);
}

function textOf(text: string, kind: string): Code {
  return { text, binary: false, kind, sha256: hashOf(text, false) };
}

function binaryOf(bytes: Uint8Array, options: LoadOptions, inferred: string | undefined): Code {
  const text = Buffer.from(bytes).toString("base64");
  return { text, binary: true, kind: options.kind ?? inferred, sha256: hashOf(text, true) };
}

/** The members of an archive that is given one by one. */
async function collect(archive: Archive, prefix = "", files: Files = new Map()): Promise<Files> {
  for (const [name, member] of Object.entries(archive.source.assets ?? {})) {
    if (member instanceof Asset) files.set(prefix + name, { bytes: await bytesOf(member) });
    else if (member.source.path) for (const [inner, file] of await readFolder(member.source.path)) files.set(`${prefix}${name}/${inner}`, file);
    else await collect(member, `${prefix}${name}/`, files);
  }
  return files;
}

async function bytesOf({ source }: Asset): Promise<Uint8Array> {
  if (source.text !== undefined) return Buffer.from(source.text);
  if (source.path !== undefined) return readFile(source.path);
  if (source.uri !== undefined) return Buffer.from(await download(source.uri));
  throw new CodeError("the content of this archive is not known any more");
}

async function download(uri: string): Promise<string> {
  const response = await fetch(uri);
  if (!response.ok) throw new CodeError(`${uri} answered ${response.status}`);
  return response.text();
}
