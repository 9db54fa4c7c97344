import { bench } from "./commands/bench";
import { conformance } from "./commands/conformance";
import { down } from "./commands/down";
import { env } from "./commands/env";
import { faults } from "./commands/faults";
import { pulumi } from "./commands/pulumi";
import { test } from "./commands/test";
import { up } from "./commands/up";
import { ToolError, UsageError } from "./lib/errors";
import { stopCaptured } from "./lib/exec";
import { isInForeground } from "./lib/foreground";
import { say } from "./lib/say";

type Command = (args: readonly string[]) => Promise<number>;
const commands: Record<string, Command> = { up, down, env, pulumi, test, conformance, faults, bench };

/** Runs one command. @returns its exit code */
export async function main([name = "", ...args]: readonly string[]): Promise<number> {
  endOnSignals();
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw new UsageError(`There is no command "${name}". There are: ${Object.keys(commands).map((each) => `npm run ${each}`).join(", ")}.`);
    // npm takes the "--" away; who calls tools/run.mjs directly may have typed it all the same.
    return await command(args[0] === "--" ? args.slice(1) : args);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    say(`\n${error.message}`);
    return error.exitCode;
  }
}

/** What runs in the foreground decides for itself; while nothing does, a signal ends the command and what it works with. */
function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (isInForeground()) return;
      stopCaptured();
      process.exit(130);
    });
  }
}
