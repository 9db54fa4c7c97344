import type { Context } from "./context";
import { usageError } from "./errors";

export interface OptionSpec {
  /** As commander writes them: `-t, --timeout <LIMIT>`. */
  flags: string;
  text: string;
  /** The value is a whole number. */
  number?: boolean;
  /** May be given more than once: the value is a list. */
  list?: boolean;
}

export type Options = Record<string, string | number | boolean | string[] | undefined>;

/** What a command has to say: `text` for people, `json` for programs (`--json`). */
export interface Reply {
  text: string;
  json: unknown;
  /** Where the text goes; the JSON document always goes to stdout. */
  stream?: "stderr";
  exitCode?: number;
  /** What went wrong although there was something to say; told on stderr after the text, and decides the exit code. */
  failure?: unknown;
}

export interface Command {
  name: string;
  /** The arguments as the help shows them. */
  args?: string;
  summary: string;
  /** A command line that works, after the name of the program; the help shows it. */
  example?: string;
  /** Least and most number of arguments, and what is said if there are fewer or more. */
  arity: readonly [least: number, most: number, required: string];
  options?: readonly OptionSpec[];
  /** Does something useful without a platform; any other command is not begun before it is known which platform is meant. */
  offline?: boolean;
  /** Works, but is not meant for people: no help shows it. */
  hidden?: boolean;
  /** Flags that the command does not know are arguments of it. */
  anyFlags?: boolean;
  run(context: Context, args: string[], options: Options): Promise<Reply>;
}

/** Commands under one word: `whisk action …`. */
export interface Group {
  name: string;
  summary: string;
  commands: readonly Command[];
}

/** Flags that every command has. */
export const globalOptions: readonly OptionSpec[] = [
  { flags: "--apihost <HOST>", text: "whisk API HOST" },
  { flags: "-u, --auth <KEY>", text: "authorization KEY" },
  { flags: "--apiversion <VERSION>", text: "whisk API VERSION" },
  { flags: "--cert <FILE>", text: "client certificate (PEM)" },
  { flags: "--key <FILE>", text: "key of the client certificate (PEM)" },
  { flags: "-i, --insecure", text: "bypass certificate checking" },
  { flags: "-v, --verbose", text: "verbose output" },
  { flags: "-d, --debug", text: "debug level output" },
  { flags: "--json", text: "print one JSON document on stdout, for programs" },
];

export const paramOptions: readonly OptionSpec[] = [
  { flags: "-p, --param <KEY VALUE>", text: "parameter values in KEY VALUE format" },
  { flags: "-P, --param-file <FILE>", text: "FILE containing parameter values in JSON format" },
];

export const annotationOptions: readonly OptionSpec[] = [
  { flags: "-a, --annotation <KEY VALUE>", text: "annotation values in KEY VALUE format" },
  { flags: "-A, --annotation-file <FILE>", text: "FILE containing annotation values in JSON format" },
];

export const pageOptions = (what: string): readonly OptionSpec[] => [
  { flags: "-s, --skip <SKIP>", text: `exclude the first SKIP number of ${what} from the result`, number: true },
  { flags: "-l, --limit <LIMIT>", text: `only return LIMIT number of ${what} from the collection (30 if not given)`, number: true },
];

/**
 * Checks the number of arguments.
 *
 * @throws CliError in the words of the official CLI
 */
export function checkArity(args: readonly string[], [least, most, required]: Command["arity"]): void {
  if (args.length < least) throw usageError(`Invalid argument(s). ${required}`);
  if (args.length > most) throw usageError(`Invalid argument(s): ${args.slice(most).join(", ")}. ${required}`);
}
