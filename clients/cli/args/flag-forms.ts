import type { Option } from "commander";

const yes = ["1", "t", "T", "true", "TRUE", "True"];
const no = ["0", "f", "F", "false", "FALSE", "False"];

/**
 * A command line in the forms that the option parser here knows, from those that the official CLI takes as well:
 * `--result=true`, `--result=false` and `-b=true` for flags without a value, `-t=1000` for those with one.
 *
 * @param options those of the command
 */
export function knownForms(argv: readonly string[], options: readonly Option[]): string[] {
  const all: string[] = [];
  for (const [i, arg] of argv.entries()) {
    if (arg === "--") return [...all, ...argv.slice(i)];
    const [, name = "", value = ""] = /^(-[A-Za-z]|--[a-z][a-z-]*)=(.*)$/s.exec(arg) ?? [];
    const option = options.find(({ short, long }) => short === name || long === name);
    if (!option) all.push(arg);
    else if (option.required) all.push(...(name.startsWith("--") ? [arg] : [name, value]));
    else if (yes.includes(value)) all.push(name);
    else if (!no.includes(value)) all.push(arg);
  }
  return all;
}
