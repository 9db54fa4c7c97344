import { parseStackArguments, showHelp } from "../lib/arguments";
import { ToolError } from "../lib/errors";
import { homeFolder } from "../lib/paths";
import { print } from "../lib/say";
import { Cli } from "../pulumi/cli";
import { prepareEnvironment, usesOwnState } from "../pulumi/environment";
import { PLATFORM, projectName } from "../pulumi/project";
import { Stack } from "../pulumi/stack";
import { configuredStacks } from "../pulumi/stackConfig";
import { StateFiles } from "../pulumi/stateFiles";
import { findToolchain } from "../pulumi/toolchain";
import { answers } from "../tour/api";

/** Prints what clients of the running platform need, a variable a line. */
export async function env(args: readonly string[]): Promise<number> {
  const { stack, help } = parseStackArguments("env", args, configuredStacks(PLATFORM));
  if (help) return showHelp("env", "Prints WHISK_APIHOST=… and WHISK_AUTH=… of the running platform: export $(npm run -s env)");
  const { apiHost, auth } = await platformOutputs(stack);
  if (!(await answers(apiHost))) throw new ToolError(`The platform at ${apiHost} does not answer. ${bringUp(stack)}`);
  print(`WHISK_APIHOST=${apiHost}\nWHISK_AUTH=${auth}`);
  return 0;
}

async function platformOutputs(stack: string): Promise<{ apiHost: string; auth: string }> {
  const notUp = new ToolError(`The platform is not up. ${bringUp(stack)}`);
  const known = usesOwnState(process.env) ? new StateFiles(homeFolder(process.env), projectName(PLATFORM), stack).exists() : true;
  const toolchain = known ? await findToolchain(process.env) : undefined;
  if (!toolchain) throw notUp;
  const platform = new Stack(new Cli(toolchain, prepareEnvironment(process.env, toolchain)), PLATFORM, stack);
  if (!(await platform.exists())) throw notUp;
  const { apiHost, auth } = await platform.outputs();
  if (typeof apiHost !== "string" || typeof auth !== "string") throw notUp;
  return { apiHost, auth };
}

const bringUp = (stack: string): string => `"npm run up${stack === "local" ? "" : ` -- ${stack}`}" brings it up.`;
