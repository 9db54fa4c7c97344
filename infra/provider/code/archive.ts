/** Folders as zip files: of the same files the same bytes, whatever the times, the order and the machine. */
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { zipSync, type Zippable } from "fflate";
import { CodeError } from "./errors";

const LEFT_OUT = new Set([".git", ".DS_Store", "__pycache__"]);
const UNIX = 3;
/** Zip files keep local time: this is the same text everywhere. */
const NO_TIME = new Date(1980, 0, 1);

export interface ZipFile {
  bytes: Uint8Array;
  executable?: boolean;
}

/** By path inside of the archive, with forward slashes. */
export type Files = Map<string, ZipFile>;

export async function readFolder(folder: string): Promise<Files> {
  const files: Files = new Map();
  await collect(folder, "", files, new Set());
  if (files.size === 0) throw new CodeError("the folder is empty");
  return files;
}

export function zip(files: Files): Uint8Array {
  const entries: Zippable = {};
  for (const name of [...files.keys()].sort()) {
    const { bytes, executable } = files.get(name)!;
    entries[name] = [bytes, { mtime: NO_TIME, os: UNIX, attrs: ((executable ? 0o100755 : 0o100644) << 16) >>> 0, level: 6 }];
  }
  return zipSync(entries);
}

async function collect(folder: string, prefix: string, files: Files, above: ReadonlySet<string>): Promise<void> {
  const real = await realpath(folder);
  // A link to a folder above would go on for ever.
  if (above.has(real)) return;
  for (const name of await readdir(folder)) {
    if (LEFT_OUT.has(name)) continue;
    const file = path.join(folder, name);
    const info = await stat(file).catch(() => undefined);
    if (info?.isDirectory()) await collect(file, `${prefix}${name}/`, files, new Set([...above, real]));
    else if (info?.isFile()) files.set(`${prefix}${name}`, { bytes: await readFile(file), executable: (info.mode & 0o100) !== 0 });
  }
}
