import { ToolError } from "../lib/errors";
import { capture, lastLines, type Result } from "../lib/exec";
import { foreground } from "../lib/foreground";
import { prepareEnvironment, type Environment } from "./environment";
import type { Toolchain } from "./locate";
import { projectName } from "./project";
import { removeSalts } from "./stackConfig";
import { StateFiles } from "./stateFiles";
import { ensureToolchain } from "./toolchain";

/** The Pulumi CLI with the environment that it needs. */
export class Cli {
  constructor(
    private readonly toolchain: Toolchain,
    readonly environment: Environment,
  ) {}

  /** Gets everything that is missing first. */
  static async prepare(env: NodeJS.ProcessEnv): Promise<Cli> {
    const toolchain = await ensureToolchain(env);
    return new Cli(toolchain, prepareEnvironment(env, toolchain));
  }

  /** Runs a command in a project's folder, unseen. */
  async capture(folder: string, args: readonly string[]): Promise<Result> {
    const result = await capture(this.toolchain.pulumi, [...args, "--non-interactive"], { cwd: folder, env: this.environment.variables });
    this.tidy(folder);
    return result;
  }

  /** @throws ToolError with the end of Pulumi's output if the command fails */
  async read(folder: string, args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.capture(folder, args);
    if (code !== 0) throw new ToolError(`pulumi ${args.join(" ")} failed in ${folder}:\n${lastLines(stderr || stdout)}`);
    return stdout;
  }

  /**
   * Runs a command in a project's folder so that the user sees it, and can take part on a terminal.
   *
   * @param input whether it may also read what is piped in
   */
  async show(folder: string, args: readonly string[], { variables = {}, input = false }: { variables?: NodeJS.ProcessEnv; input?: boolean } = {}): Promise<{ code: number; interrupted: boolean }> {
    const env = { ...this.environment.variables, ...variables };
    const result = await foreground(this.toolchain.pulumi, args, { cwd: folder, env, input });
    this.tidy(folder);
    return result;
  }

  private tidy(folder: string): void {
    const { own, home } = this.environment;
    // The files of stacks in other backends are the user's, salt and all.
    if (own) removeSalts(folder, (stack) => new StateFiles(home, projectName(folder), stack).exists());
  }
}
