import { readFileSync } from "node:fs";
import path from "node:path";
import { parseExact } from "../api/exact-json";
import { EXIT, explain, usageError, type CliError } from "../errors";

export type JsonObject = Record<string, unknown>;
export interface KeyValue {
  key: string;
  value: unknown;
}

/** The key/value flags of one command line, merged in the order in which they stand. Undefined: the flag was not given. */
export interface KeyValueFlags {
  readonly params?: JsonObject;
  readonly annotations?: JsonObject;
  readonly feedParams?: JsonObject;
  readonly triggerParams?: JsonObject;
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

/** One `-p key value` or one `-P file`, not yet understood. */
type Piece = { key: string; value: string } | { file: string; text: string };

/**
 * Takes the flags with two values (`-p key value`) and their files (`-P file`) out of a command line, wherever they
 * stand, since no option parser knows flags with two values and a value may begin with a dash. The values are
 * understood when they are asked for: what else is wrong with the command line is told first.
 *
 * @returns the rest of the command line, and the flags; reading one throws a CliError if a value or a file is not JSON
 * @throws CliError if a value is missing or a file cannot be read; no message shows a value
 */
export function takeKeyValues(argv: readonly string[], cwd: string): { rest: string[]; flags: KeyValueFlags } {
  const rest: string[] = [];
  const pieces = new Map<Target, Piece[]>();
  const add = (target: Target, piece: Piece): void => void pieces.set(target, [...(pieces.get(target) ?? []), piece]);
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
      add(pair, { key, value });
    } else if (file) {
      const name = argv[++i];
      if (name === undefined) throw missing(file, `An argument must be provided for '${arg}'`);
      add(file, { file: name, text: readArgumentFile(name, cwd) });
    } else rest.push(arg);
  }
  return { rest, flags: understoodWhenAsked(pieces) };
}

function understoodWhenAsked(pieces: ReadonlyMap<Target, readonly Piece[]>): KeyValueFlags {
  const flags: KeyValueFlags = {};
  for (const [target, given] of pieces) {
    let values: JsonObject | undefined;
    const get = (): JsonObject => (values ??= Object.assign({}, ...given.map((piece) => valuesOf(piece, nouns[target]))) as JsonObject);
    Object.defineProperty(flags, target, { get, enumerable: true });
  }
  return flags;
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

const valuesOf = (piece: Piece, noun: string): JsonObject =>
  "file" in piece ? objectIn(piece.text, piece.file, noun) : { [piece.key]: valueOf(piece.value, piece.key, noun) };

/**
 * JSON is what it says. Anything else is a text in which, as in a JSON string, `\\n` is a new line and a quotation mark
 * cannot stand alone: mostly it is JSON with a mistake in it.
 */
function valueOf(text: string, key: string, noun: string): unknown {
  const parsers = [() => parseExact(text), () => JSON.parse(`"${text.replace(controls, escaped)}"`) as unknown];
  for (const parse of parsers) {
    try {
      return parse();
    } catch {
      // The next one may understand it.
    }
  }
  throw usageError(
    `Invalid ${noun} argument '${key}': its value is no JSON, and a text with quotation marks or backslashes must be a JSON string ('"say \\"hi\\""')`,
  );
}

const controls = /[\u0000-\u001f]/g;
const escaped = (control: string): string => JSON.stringify(control).slice(1, -1);

function readArgumentFile(name: string, cwd: string): string {
  try {
    return readInput(name, cwd).toString("utf8");
  } catch (failure) {
    throw explain("Failed to parse arguments", failure);
  }
}

function objectIn(text: string, name: string, noun: string): JsonObject {
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
