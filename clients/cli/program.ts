import { Command as Commander, CommanderError, InvalidArgumentError, Option } from "commander";
import { knownForms } from "./args/flag-forms";
import { globalOptions, type Command, type Group, type Options, type OptionSpec } from "./command";
import { usageError } from "./errors";

/** A command line that was understood: a command to run, or a text that was asked for (help, version). */
export type Parsed = { command: Command; args: string[]; options: Options; globals: Options } | { help: string };

/** The headings of the help, as with the official CLI. */
const headings: Record<string, string> = { "Options:": "Flags:", "Commands:": "Available Commands:" };
const styleTitle = (title: string): string => headings[title] ?? title;

/**
 * Finds the command that a command line means.
 *
 * @throws CliError if there is none, or a flag or its value is wrong
 */
export function parseCommandLine(argv: readonly string[], groups: readonly Group[], single: readonly Command[], version: string): Parsed {
  let found: Parsed | undefined;
  let printed = "";
  const root = new Commander("whisk").description(
    "The command line client of Stackwhisk and other platforms with the API of Apache OpenWhisk.",
  );
  root.version(version, "--version", "print the version");
  root.configureHelp({ subcommandTerm: (command) => command.name(), styleTitle });

  const settle = (parent: Commander): Commander => {
    const parse = parent.parseOptions.bind(parent);
    parent.parseOptions = (args) => parse(knownForms(args, parent.options));
    return parent
      .exitOverride()
      .enablePositionalOptions()
      .configureOutput({ writeOut: (text) => (printed += text), writeErr: (text) => (printed += text), outputError: () => undefined });
  };
  const register = (parents: Commander[], command: Command): void => {
    const leaf = settle(parents.at(-1)!.command(command.name, { hidden: command.hidden })).description(command.summary);
    leaf.usage(`${command.args ? `${command.args} ` : ""}[flags]`).argument("[args...]");
    leaf.configureHelp({ visibleArguments: () => [], styleTitle });
    if (command.example) leaf.addHelpText("after", `\nExample:\n  whisk ${command.example}\n`);
    if (command.anyFlags) leaf.allowUnknownOption();
    addOptions(leaf, command.options ?? []);
    addOptions(leaf, globalOptions, "Global Flags:");
    leaf.action((args: string[]) => {
      const options = leaf.opts<Options>();
      found = { command, args, options, globals: merged(Object.assign({}, ...parents.map((parent) => parent.opts())), options) };
    });
  };

  addOptions(settle(root), globalOptions);
  for (const group of groups) {
    const parent = settle(root.command(group.name)).description(group.summary);
    addOptions(parent, globalOptions, "Global Flags:");
    for (const command of group.commands) register([root, parent], command);
  }
  for (const command of single) register([root], command);

  try {
    root.parse(argv, { from: "user" });
  } catch (failure) {
    if (!(failure instanceof CommanderError)) throw failure;
    if (!["commander.help", "commander.helpDisplayed", "commander.version"].includes(failure.code))
      throw usageError(failure.message.replace(/^error: /, ""));
    return { help: printed };
  }
  return found!;
}

/** Global flags from before and after the command; `property get --auth` is a flag of its own, not the key. */
function merged(before: Options, after: Options): Options {
  const own = Object.entries(after).filter(([name, value]) => typeof value === "string" || typeof before[name] !== "string");
  return { ...before, ...Object.fromEntries(own) };
}

/** Adds options, except those whose long or short name the command uses already for something of its own. */
function addOptions(command: Commander, specs: readonly OptionSpec[], heading?: string): void {
  for (const { flags, text, number, list } of specs) {
    const option = new Option(flags, text);
    if (heading) option.helpGroup(heading);
    if (command.options.some(({ long, short }) => long === option.long || (short && short === option.short))) continue;
    if (number) option.argParser(wholeNumber);
    if (list) option.argParser((value: string, all: string[] = []) => [...all, value]);
    command.addOption(option);
  }
}

function wholeNumber(text: string): number {
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(Number(text))) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}
