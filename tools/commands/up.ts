import { parseStackArguments, showHelp } from "../lib/arguments";
import { ToolError } from "../lib/errors";
import { print, say } from "../lib/say";
import { Cli } from "../pulumi/cli";
import { HELLO, PLATFORM } from "../pulumi/project";
import { Stack } from "../pulumi/stack";
import { configuredStacks } from "../pulumi/stackConfig";
import { Api } from "../tour/api";
import { formatStop, nextSteps } from "../tour/print";
import { isDeployed, takeTour, type Hello } from "../tour/tour";

/** Brings up the platform and, on it, the example application; then uses both and shows what came of it. */
export async function up(args: readonly string[]): Promise<number> {
  const { stack, help } = parseStackArguments("up", args, configuredStacks(PLATFORM));
  if (help) return showHelp("up", "Brings up the platform and the example application on it with Pulumi, and invokes it.");
  const cli = await Cli.prepare(process.env);
  const platform = new Stack(cli, PLATFORM, stack);
  const hello = new Stack(cli, HELLO, stack);
  await platform.up();
  await hello.up();
  const { apiHost, auth } = texts(await platform.outputs(), ["apiHost", "auth"], "stacks/platform");
  const entities: Hello = texts(await hello.outputs(), ["action", "sequence", "trigger", "web"], "stacks/hello");
  const api = new Api(apiHost, auth);
  if (!(await isDeployed(api, entities))) {
    say("The platform lacks what the application's state says: Pulumi compares the two and makes what is missing.");
    await hello.refresh();
    await hello.up();
  }
  print(`\nUsed for real, over HTTP:\n`);
  await takeTour(api, entities, (stop) => print(formatStop(stop)));
  print(`\n${nextSteps(apiHost, entities, stack)}`);
  return 0;
}

/** @throws ToolError that names the output that a program does not have */
export function texts<K extends string>(outputs: Record<string, unknown>, names: readonly K[], program: string): Record<K, string> {
  const missing = names.find((name) => typeof outputs[name] !== "string");
  if (missing) throw new ToolError(`${program} has no output "${missing}", which this command needs.`);
  return outputs as Record<K, string>;
}
