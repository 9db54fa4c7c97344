import { parseArgs } from "node:util";
import { UsageError } from "./errors";
import { print } from "./say";

export interface StackArguments {
  /** Name of the stack. */
  stack: string;
  help: boolean;
}

/**
 * The arguments of a command that takes a stack of stacks/platform.
 *
 * @param stacks those that there are
 * @throws UsageError for an unknown flag, a second stack or one that does not exist
 */
export function parseStackArguments(command: string, args: readonly string[], stacks: readonly string[], fallback = "local"): StackArguments {
  const { values, positionals } = parse(command, args);
  if (values.help) return { stack: fallback, help: true };
  const [stack = fallback, extra] = positionals;
  if (extra !== undefined) throw new UsageError(`${command} takes one stack, and "${extra}" is a second one.\n${usage(command)}`);
  if (!stacks.includes(stack)) {
    throw new UsageError(`There is no stack "${stack}": stacks/platform has no Pulumi.${stack}.yaml. ${stacks.length > 0 ? `There are: ${stacks.join(", ")}.` : "It has none at all."}`);
  }
  return { stack, help: false };
}

function parse(command: string, args: readonly string[]): { values: { help?: boolean }; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options: { help: { type: "boolean", short: "h" } }, allowPositionals: true });
  } catch (error) {
    const flag = /'(-[^']*)'/.exec((error as Error).message)?.[1] ?? args.find((arg) => arg.startsWith("-"));
    throw new UsageError(`${command} has no flag ${flag}.\n${usage(command)}`);
  }
}

export const usage = (command: string): string => `Usage: npm run ${command === "env" ? "-s " : ""}${command} [-- <stack>]   (default: local)`;

/** @returns the exit code */
export function showHelp(command: string, what: string): number {
  print(`${usage(command)}\n${what}`);
  return 0;
}
