import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Command, Group } from "../../command";
import { CliError, usageError } from "../../errors";
import { files, valuesFor } from "./candidates";
import { scripts } from "./scripts";
import { expectedAt } from "./words";

const shells = Object.keys(scripts);

const completion: Command = {
  name: "completion",
  args: "SHELL",
  summary: `print the script with which a shell completes command lines: ${shells.join(", ")}`,
  example: 'completion bash > ~/.whisk-completion && echo ". ~/.whisk-completion" >> ~/.bashrc',
  arity: [1, 1, `A shell is required: ${shells.join(", ")}.`],
  offline: true,
  async run(_context, [shell = ""]) {
    const script = scripts[shell];
    if (script === undefined) throw usageError(`Invalid argument(s): ${shell}. A shell is required: ${shells.join(", ")}.`);
    return { text: script, json: { shell, script } };
  },
};

/** The commands for completion; they know those of all others, and their own. */
export function completionCommands(groups: readonly Group[], single: () => readonly Command[]): readonly Command[] {
  const candidates: Command = {
    name: "__complete",
    args: "-- [WORDS]",
    summary: "print what the last of the words may become, one on a line; the scripts of `whisk completion` ask for it",
    arity: [0, Infinity, ""],
    offline: true,
    hidden: true,
    async run(context, words) {
      const current = words.at(-1) ?? "";
      const expected = expectedAt(words, groups, single());
      const all =
        expected.kind === "words"
          ? expected.words
          : (await Promise.all(expected.of.map((what) => valuesFor(context, what, current, expected.group)))).flat();
      const found = [...new Set(all)].filter((word) => word === files || word.startsWith(current)).sort();
      return { text: found.map((word) => `${word}\n`).join(""), json: found };
    },
  };
  return [completion, candidates];
}

const bashFile = "wsk_cli_bash_completion.sh";
const components: Record<string, string> = {
  docker: "The docker skeleton is not served by this platform: any image that answers /init and /run works, see 'whisk action create --help'",
  ios: "The iOS starter app is not served by this platform: its REST API is that of OpenWhisk, which the Swift client speaks",
};

/** What is left of the official `wsk sdk install`. */
export const sdkGroup: Group = {
  name: "sdk",
  summary: "work with the sdk",
  commands: [
    {
      name: "install",
      args: "COMPONENT",
      summary: "install the bash completion (COMPONENT is bashauto)",
      example: "sdk install bashauto --stdout",
      arity: [0, Infinity, ""],
      options: [{ flags: "-s, --stdout", text: "print the script to stdout" }],
      offline: true,
      async run({ io }, args, { stdout }) {
        if (args.length !== 1)
          throw usageError("The SDK component argument is missing. One component (docker, ios, or bashauto) must be specified");
        const component = args[0]!.toLowerCase();
        if (components[component]) throw new CliError(components[component]);
        if (component !== "bashauto")
          throw usageError(`The SDK component argument '${component}' is invalid. Valid components are docker, ios and bashauto`);
        if (stdout) return { text: scripts.bash!, json: { script: scripts.bash } };
        const file = path.join(io.cwd, bashFile);
        writeScript(file);
        return {
          text:
            `The bash auto-completion script (${bashFile}) is installed in the current directory.\n` +
            "To enable command line completion of whisk commands, source the auto completion script into your bash environment\n",
          json: { file },
        };
      },
    },
  ],
};

function writeScript(file: string): void {
  try {
    writeFileSync(file, scripts.bash!);
  } catch (failure) {
    throw new CliError(`Unable to generate '${bashFile}': ${(failure as NodeJS.ErrnoException).code}`);
  }
}
