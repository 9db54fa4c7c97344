import { chmodSync, existsSync, readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CliError } from "../errors";

export type Props = Record<string, string>;

/** Where the properties are: `WSK_CONFIG_FILE` if it is set (empty: nowhere), else `~/.wskprops`. */
export function propsFile(env: NodeJS.ProcessEnv, home: string): string {
  return env.WSK_CONFIG_FILE ?? path.join(home, ".wskprops");
}

/** The properties in a file; none if it cannot be read. `#` begins a comment. */
export function readProps(file: string): Props {
  const lines = readLines(file).flatMap((line) => {
    const [, key, value] = /^\s*([^=#\s]+)\s*=([^#]*)/.exec(line) ?? [];
    return key === undefined ? [] : [[key, value!.trim()]];
  });
  return Object.fromEntries(lines);
}

/**
 * Sets properties in a file, or removes those that are undefined; every other line stays as it is. The file is replaced
 * in one step and only its owner can read it, since it holds the key.
 *
 * @throws CliError if it cannot be written
 */
export function editProps(file: string, changes: Record<string, string | undefined>): void {
  const open = new Map(Object.entries(changes));
  const kept = readLines(file).flatMap((line) => {
    const key = /^\s*([^=#\s]+)\s*=/.exec(line)?.[1];
    if (key === undefined || !(key in changes)) return [line];
    const value = open.get(key);
    open.delete(key);
    return value === undefined ? [] : [`${key}=${value}`];
  });
  const added = [...open].flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  replaceFile(file, [...kept, ...added].map((line) => `${line}\n`).join(""));
}

function readLines(file: string): string[] {
  if (file === "" || !existsSync(file)) return [];
  try {
    return readFileSync(file, "utf8")
      .replace(/\n$/, "")
      .split(/\r?\n/)
      .filter((line, i, all) => all.length > 1 || line !== "");
  } catch (failure) {
    throw new CliError(`Unable to read the properties file '${file}': ${(failure as NodeJS.ErrnoException).code}`);
  }
}

function replaceFile(file: string, text: string): void {
  try {
    // A link stays a link: people keep such files in a repository of their own.
    const target = existsSync(file) ? realpathSync(file) : file;
    const next = `${target}.${process.pid}.tmp`;
    writeFileSync(next, text, { mode: 0o600 });
    chmodSync(next, 0o600);
    renameSync(next, target);
  } catch (failure) {
    const { code, message } = failure as NodeJS.ErrnoException;
    throw new CliError(`Whisk properties file write failure: '${file}': ${code ?? message}`);
  }
}
