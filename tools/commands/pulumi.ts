import path from "node:path";
import { ToolError } from "../lib/errors";
import { ROOT, shown } from "../lib/paths";
import { say } from "../lib/say";
import { Cli } from "../pulumi/cli";
import { readInvocation } from "../pulumi/passThrough";
import { DEFAULT_STACK, isProject, PLATFORM } from "../pulumi/project";
import { Stack } from "../pulumi/stack";

/** Runs the Pulumi CLI in a project's folder, with everything that it needs. The arguments are Pulumi's. */
export async function pulumi(commandLine: readonly string[]): Promise<number> {
  const { args, needsStack, creates, locks, ...given } = readInvocation(commandLine);
  const from = process.env.INIT_CWD || process.cwd();
  const folder = chooseFolder(given.folder, from, isProject);
  const cli = await Cli.prepare(process.env);
  const variables: NodeJS.ProcessEnv = {};
  if (needsStack) {
    const name = given.stack ?? process.env.PULUMI_STACK ?? (await selected(cli, folder)) ?? DEFAULT_STACK;
    if (!given.stack) variables.PULUMI_STACK = name;
    say(`${shown(folder)}, stack ${name}:`);
    // A name with a slash is in a backend of the user's own, whose stacks are theirs to create.
    const stack = cli.environment.own && !name.includes("/") ? new Stack(cli, folder, name) : undefined;
    if (creates) await stack?.ensure();
    if (locks) await stack?.unlock();
  } else {
    say(`${shown(folder)}:`);
  }
  const { code } = await cli.show(folder, args, { variables, input: true });
  return code;
}

/**
 * The project that a command is meant for: the named one, else the one in which it was typed, else the platform.
 *
 * @param given as typed, relative to where it was typed or to the checkout
 */
export function chooseFolder(given: string | undefined, from: string, isProjectFolder: (folder: string) => boolean, root = ROOT): string {
  if (given !== undefined) {
    const candidates = [path.resolve(from, given), path.resolve(root, given)];
    const folder = candidates.find(isProjectFolder);
    if (!folder) throw new ToolError(`${given} is not the folder of a Pulumi project: there is no ${path.join(candidates[0]!, "Pulumi.yaml")}.`);
    return folder;
  }
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (isProjectFolder(folder)) return folder;
    if (folder === path.dirname(folder)) return PLATFORM;
  }
}

/** The stack that the user has chosen with `pulumi stack select`. */
async function selected(cli: Cli, folder: string): Promise<string | undefined> {
  const { code, stdout } = await cli.capture(folder, ["stack", "--show-name"]);
  return code === 0 ? stdout.trim() || undefined : undefined;
}
