import { globalOptions, type Command, type Group, type OptionSpec } from "../../command";

/** What may stand where a command line is not finished. */
export type Expected =
  | { kind: "words"; words: readonly string[] }
  /** Values that something else than the CLI knows, named as the help names them: `ACTION_NAME`, `FILE`. */
  | { kind: "values"; of: readonly string[]; group?: string };

interface Flag {
  names: string[];
  /** How many words after it belong to it. */
  values: number;
  /** What the help calls its value. */
  value: string;
}

/**
 * What may stand in the place of the last word of a command line.
 *
 * @param words after the name of the program; the last one is not finished, and may be empty
 */
export function expectedAt(words: readonly string[], groups: readonly Group[], single: readonly Command[]): Expected {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const [first, second] = operandsOf(before, globalOptions).operands;
  const group = groups.find(({ name }) => name === first);
  const alone = single.find(({ name }) => name === first);
  const command = alone ?? group?.commands.find(({ name }) => name === second);
  const options = [...(command?.options ?? []), ...globalOptions];
  const { operands, open } = operandsOf(before, options);
  if (open) return { kind: "values", of: [open.name, open.value], group: group?.name };
  if (current.startsWith("-")) return { kind: "words", words: [...options.flatMap((option) => flagOf(option).names), "--help"] };
  if (command) {
    const at = operands.length - (alone ? 1 : 2);
    return { kind: "values", of: slotsOf(command)[at] ?? [], group: group?.name };
  }
  if (group) return { kind: "words", words: visible(group.commands) };
  return { kind: "words", words: operands.length === 0 ? [...groups.map(({ name }) => name), ...visible(single)] : [] };
}

/** What the help shows as the arguments of a command, one list of words for each: `[NAMESPACE | PACKAGE_NAME]` is one with two. */
export function slotsOf({ args = "" }: Command): string[][] {
  return (args.match(/\([^)]*\)|\[[^\]]*\]|\S+/g) ?? []).map((slot) => slot.match(/[A-Z][A-Z_]+/g) ?? []);
}

const visible = (commands: readonly Command[]): string[] => commands.filter(({ hidden }) => !hidden).map(({ name }) => name);

/** The words that are neither flags nor their values, and the flag that still wants a value, if there is one. */
function operandsOf(words: readonly string[], options: readonly OptionSpec[]) {
  const flags = options.map(flagOf);
  const operands: string[] = [];
  let open: { name: string; value: string } | undefined;
  let left = 0;
  for (const word of words) {
    if (left > 0) left--;
    else if (word.startsWith("-")) {
      const flag = flags.find(({ names }) => names.includes(word));
      left = flag?.values ?? 0;
      open = flag && { name: flag.names.at(-1)!, value: flag.value };
    } else operands.push(word);
  }
  return { operands, open: left > 0 ? open : undefined };
}

function flagOf({ flags }: OptionSpec): Flag {
  const value = /<(.*)>/.exec(flags)?.[1] ?? "";
  return { names: flags.match(/(?<=^|, )--?[\w-]+/g) ?? [], values: value === "" ? 0 : value.split(" ").length, value };
}
