import { readFileSync } from "node:fs";
import path from "node:path";
import { parseExact } from "../api/exact-json";
import { CliError, EXIT, usageError } from "../errors";

export type JsonObject = Record<string, unknown>;
export interface KeyValue {
  key: string;
  value: unknown;
}

/** The key/value flags of one command line, merged in the order in which they stand. Undefined: the flag was not given. */
export interface KeyValueFlags {
  params?: JsonObject;
  annotations?: JsonObject;
  feedParams?: JsonObject;
  triggerParams?: JsonObject;
}

type Target = keyof KeyValueFlags;
const pairFlags: Record<string, Target> = {
  "-p": "params",
  "--param": "params",
  "-a": "annotations",
  "--annotation": "annotations",
  "-F": "feedParams",
  "--feed-param": "feedParams",
  "-T": "triggerParams",
  "--trigger-param": "triggerParams",
};
const fileFlags: Record<string, Target> = {
  "-P": "params",
  "--param-file": "params",
  "-A": "annotations",
  "--annotation-file": "annotations",
};
const nouns: Record<Target, string> = {
  params: "parameter",
  annotations: "annotation",
  feedParams: "feed parameter",
  triggerParams: "trigger parameter",
};

/**
 * Takes the flags with two values (`-p key value`) and their files (`-P file`) out of a command line, wherever they
 * stand, since no option parser knows flags with two values and a value may begin with a dash.
 *
 * @returns the rest of the command line, and the flags
 * @throws CliError if a value is missing or a file cannot be read or is not a JSON object; no message shows a value
 */
export function takeKeyValues(argv: readonly string[], cwd: string): { rest: string[]; flags: KeyValueFlags } {
  const rest: string[] = [];
  const flags: KeyValueFlags = {};
  const add = (target: Target, values: JsonObject): void => void (flags[target] = { ...flags[target], ...values });
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i]!;
    if (arg === "--") {
      rest.push(...argv.slice(i));
      break;
    }
    const pair = pairFlags[arg];
    const file = fileFlags[arg];
    if (pair) {
      const [key, value] = [argv[++i], argv[++i]];
      if (key === undefined || value === undefined) throw missing(pair, `Arguments for '${arg}' must be a key/value pair`);
      add(pair, { [key]: valueOf(value) });
    } else if (file) {
      const name = argv[++i];
      if (name === undefined) throw missing(file, `An argument must be provided for '${arg}'`);
      add(file, readObject(name, cwd, nouns[file]));
    } else rest.push(arg);
  }
  return { rest, flags };
}

/** The form in which entities carry parameters and annotations. */
export const toKeyValues = (values: JsonObject): KeyValue[] => Object.entries(values).map(([key, value]) => ({ key, value }));

/**
 * Reads a file that the command line names.
 *
 * @throws CliError with exit code 2 if there is no such file
 */
export function readInput(name: string, cwd: string): Buffer {
  try {
    return readFileSync(path.resolve(cwd, name));
  } catch (failure) {
    const { code } = failure as NodeJS.ErrnoException;
    if (code === "ENOENT") throw usageError(`File '${name}' is not a valid file or it does not exist`, EXIT.usage);
    throw usageError(code === "EISDIR" ? `'${name}' is a folder, not a file` : `Unable to read the file '${name}': ${code}`);
  }
}

const missing = (target: Target, what: string): CliError =>
  usageError(`Failed to parse arguments: The ${nouns[target]} arguments are invalid: ${what}`);

function valueOf(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return text;
  }
}

function readObject(name: string, cwd: string, noun: string): JsonObject {
  const text = readInput(name, cwd).toString("utf8");
  const refused = (why: string): CliError => usageError(`Invalid ${noun} argument '${name}': ${why}`);
  let value: unknown;
  try {
    value = parseExact(text);
  } catch (failure) {
    // The message of the parser quotes the text, which may hold secrets: only the position is told.
    const where = /at position \d+( \(line \d+ column \d+\))?/.exec(String(failure))?.[0] ?? "";
    throw refused(`it is not valid JSON ${where}`.trimEnd());
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw refused("it is not a JSON object");
  return value as JsonObject;
}
