import { parseStackArguments, showHelp } from "../lib/arguments";
import { homeFolder } from "../lib/paths";
import { print, say } from "../lib/say";
import { Cli } from "../pulumi/cli";
import { usesOwnState } from "../pulumi/environment";
import { HELLO, PLATFORM, projectName } from "../pulumi/project";
import { Stack } from "../pulumi/stack";
import { configuredStacks } from "../pulumi/stackConfig";
import { StateFiles } from "../pulumi/stateFiles";
import { answers } from "../tour/api";

/** Destroys the example application and the platform. */
export async function down(args: readonly string[]): Promise<number> {
  const { stack, help } = parseStackArguments("down", args, configuredStacks(PLATFORM));
  if (help) return showHelp("down", "Destroys the example application and the platform, and their Pulumi stacks.");
  if (isNowhere(stack)) return nothingToDo(stack);
  const cli = await Cli.prepare(process.env);
  const platform = new Stack(cli, PLATFORM, stack);
  const hello = new Stack(cli, HELLO, stack);
  const there = { hello: await hello.exists(), platform: await platform.exists() };
  if (!there.hello && !there.platform) return nothingToDo(stack);
  // What an interrupted update began is in no state yet. Finishing it is the way to know it.
  if (there.platform && platform.hasPendingOperations()) await platform.up();
  if (there.hello) await takeDownHello(hello, there.platform ? platform : undefined);
  if (there.platform) await platform.down();
  print(`\nStack ${stack} is down: the platform and the example application are gone.`);
  return 0;
}

/** The application's entities live in the platform: if that does not run any more, they go with its data. */
async function takeDownHello(hello: Stack, platform: Stack | undefined): Promise<void> {
  const { apiHost } = platform ? await platform.outputs() : {};
  if (typeof apiHost === "string" && (await answers(apiHost))) return hello.down();
  say("The platform does not run: the example application goes with its data.");
  await hello.unlock();
  await hello.remove(true);
}

/** Without Pulumi: it need not be fetched only to find that there is nothing. */
function isNowhere(stack: string): boolean {
  if (!usesOwnState(process.env)) return false;
  return [PLATFORM, HELLO].every((folder) => !new StateFiles(homeFolder(process.env), projectName(folder), stack).exists());
}

function nothingToDo(stack: string): number {
  print(`Nothing to take down: stack ${stack} is not up.`);
  return 0;
}
