import os from "node:os";
import { Interrupted, ToolError } from "../lib/errors";
import { lastLines } from "../lib/exec";
import { isTerminal } from "../lib/foreground";
import { shown } from "../lib/paths";
import { say } from "../lib/say";
import type { Cli } from "./cli";
import { HELLO, PLATFORM, projectName } from "./project";
import { hasSecrets } from "./stackConfig";
import { commandOf, judgeLock, parseLock } from "./staleLocks";
import { StateFiles } from "./stateFiles";

/** Without a terminal: a line for each resource, and no dots. Results are shown by whoever called. */
export const displayFlags = (terminal: boolean): string[] => ["--suppress-outputs", "--suppress-permalink=true", ...(terminal ? [] : ["--non-interactive", "--suppress-progress"])];

/** One stack of one project. */
export class Stack {
  /** Present if the state is the checkout's own. */
  private readonly files: StateFiles | undefined;

  constructor(
    private readonly cli: Cli,
    readonly folder: string,
    readonly name: string,
  ) {
    const { own, home } = cli.environment;
    this.files = own ? new StateFiles(home, projectName(folder), name) : undefined;
  }

  private get label(): string {
    return `${shown(this.folder)}, stack ${this.name}`;
  }

  async exists(): Promise<boolean> {
    if (this.files) return this.files.exists();
    const stacks = JSON.parse(await this.cli.read(this.folder, ["stack", "ls", "--json"])) as { name: string }[];
    return stacks.some(({ name }) => name === this.name || name.endsWith(`/${this.name}`));
  }

  async ensure(): Promise<void> {
    if (this.files?.exists()) return;
    const { code, stderr, stdout } = await this.cli.capture(this.folder, ["stack", "init", this.name, "--no-select"]);
    if (code !== 0 && !/already exists/.test(stderr + stdout)) throw new ToolError(`Stack ${this.name} could not be created in ${shown(this.folder)}:\n${lastLines(stderr || stdout)}`);
  }

  /** Takes away the lock of an update that was killed. Pulumi itself waits for nobody and never removes one. */
  async unlock(): Promise<void> {
    const verdicts = (this.files?.locks() ?? []).map((text) => {
      const lock = parseLock(text);
      return { lock, verdict: judgeLock(lock, os.hostname(), commandOf) };
    });
    const held = verdicts.find(({ verdict }) => verdict === "held");
    if (held) throw new ToolError(`Another command works on ${this.label} (process ${held.lock!.pid}, since ${held.lock!.timestamp}). Wait for it to end, or end it, then run this one again.`);
    if (!verdicts.some(({ verdict }) => verdict === "stale")) return;
    say("An earlier command was killed half way; its lock is removed.");
    await this.cli.read(this.folder, ["cancel", this.name, "--yes"]);
  }

  /** Brings the stack to what its program says. What an interrupted update left open is brought to an end too. */
  async up(): Promise<void> {
    say(`\n▸ pulumi up: ${this.label}`);
    await this.ensure();
    await this.unlock();
    await this.show(["up", "--yes", "--skip-preview", "--stack", this.name, ...displayFlags(isTerminal())]);
    if (!this.hasPendingOperations()) return;
    say("An earlier update was interrupted: Pulumi compares its state with what is there.");
    await this.show(["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", this.name, ...displayFlags(isTerminal())]);
  }

  /** Takes over into the state what is there, so that the next `up` makes what is missing. */
  async refresh(): Promise<void> {
    say(`\n▸ pulumi refresh: ${this.label}`);
    await this.unlock();
    await this.show(["refresh", "--yes", "--skip-preview", "--stack", this.name, ...displayFlags(isTerminal())]);
  }

  hasPendingOperations(): boolean {
    return (this.files?.pendingOperations() ?? 0) > 0;
  }

  /** Destroys everything in the stack, then the stack. Its configuration stays: it belongs to the project. */
  async down(): Promise<void> {
    say(`\n▸ pulumi destroy: ${this.label}`);
    await this.unlock();
    await this.show(["destroy", "--yes", "--skip-preview", "--stack", this.name, ...displayFlags(isTerminal())]);
    await this.remove();
  }

  /** Removes the stack, with `force` even though it holds resources, which are then nobody's. */
  async remove(force = false): Promise<void> {
    await this.cli.read(this.folder, ["stack", "rm", this.name, "--yes", "--preserve-config", ...(force ? ["--force"] : [])]);
    this.files?.removeRemains([PLATFORM, HELLO, this.folder].some(hasSecrets));
  }

  /** All outputs, secrets in the clear. */
  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.cli.read(this.folder, ["stack", "output", "--json", "--show-secrets", "--stack", this.name])) as Record<string, unknown>;
  }

  private async show(args: string[]): Promise<void> {
    const { code, interrupted } = await this.cli.show(this.folder, args);
    if (interrupted) throw new Interrupted(`Interrupted. What was done so far is noted down: "npm run up" goes on from there, "npm run down" takes it back.`);
    if (code !== 0) throw new ToolError(`pulumi ${args[0]} failed (${this.label}): its message stands above. Once the cause is gone, run the same command again.`);
  }
}
