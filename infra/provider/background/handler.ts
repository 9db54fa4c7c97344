import path from "node:path";
import { changesOf, secretPaths, type ResourceDescription } from "../description";
import { UNKNOWN, type CheckContext, type CheckFailure, type Difference, type OperationContext, type Properties, type ResourceHandler, type State } from "../resource";
import { checkInputs } from "./check";
import { DataDir } from "./dataDir";
import { requireFree, sameEndpoint, urlOf, type Endpoint } from "./endpoint";
import { findPlatform, type Status } from "./find";
import { keysOf, newCredentials, randomKey, toOutputs, type Keys } from "./keys";
import { hasEnded } from "./processes";
import { builtProgram } from "./program";
import { fromConfig, keysIn, toConfig, type ProgramConfig } from "./programConfig";
import { RULES, type Rules } from "./rules";
import { DEFAULTS, toSettings, type Settings } from "./settings";
import { startPlatform, type Program } from "./start";
import { stopPlatform } from "./stop";
import { configCommand, stackOf } from "./urn";

export interface BackgroundPlatformOptions {
  /** Path of the platform's program; those that it starts itself stand beside it. */
  program?: string;
  /** Milliseconds that a platform may take to finish running work before it is ended by force. */
  drainLimit?: number;
}

/** What tells one kind of platform from another. */
export interface PlatformKind {
  /** File names: the program itself, then those that it starts. */
  programs: readonly [string, ...string[]];
  /** Milliseconds that running work may take after SIGTERM. */
  drainLimit: number;
  /** Of the inputs that not all kinds have. */
  rules: Rules;
  /** TCP port, if the user chooses none. */
  port: number;
}

/** Seconds that a platform may take until it serves, if the user says nothing else. */
const START_TIMEOUT = 60;

/** A platform as a background process of this machine, with a folder for its configuration, its log and what it keeps here. */
export abstract class BackgroundPlatformHandler implements ResourceHandler {
  abstract readonly token: string;
  abstract readonly description: ResourceDescription;
  private readonly programs: readonly [string, ...string[]];
  private readonly drainLimit: number;

  constructor(
    private readonly kind: PlatformKind,
    options: BackgroundPlatformOptions,
  ) {
    const program = options.program ?? builtProgram(kind.programs[0]);
    const beside = kind.programs.slice(1).map((name) => path.join(path.dirname(program), name));
    this.programs = [program, ...beside];
    this.drainLimit = options.drainLimit ?? kind.drainLimit;
  }

  async check(inputs: Properties, old: Properties | undefined, context: CheckContext): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
    // A folder once chosen stays: renaming the stack must not cost the user the data.
    const dataDir = old?.dataDir ?? `.stackwhisk/${stackOf(context.urn)}`;
    const defaults = { ...DEFAULTS, port: this.kind.port, dataDir, ...this.ownDefaults(old, context) };
    return checkInputs(inputs, context, { rules: { ...RULES, ...this.kind.rules }, defaults, programs: this.programs });
  }

  /** Besides the inputs it looks at the process itself: one that died (reboot, `kill -9`) is a change to `running`. */
  async diff(old: State, inputs: Properties, context: CheckContext): Promise<Difference> {
    const changes = changesOf(this.description, old.inputs, inputs);
    const status = await this.status(old, context.directory, new AbortController().signal);
    if (status.state !== "running" || old.outputs.running === false) changes.running = "update";
    return { changes, deleteBeforeReplace: true };
  }

  plan(inputs: Properties, old: State | undefined): Properties {
    const { host, port, dataDir } = inputs;
    const made = secretPaths(this.description).flatMap(([name]) => (this.description.properties[name!]?.input ? [] : [name!]));
    return {
      ...inputs,
      apiHost: host === UNKNOWN || port === UNKNOWN ? UNKNOWN : urlOf(toSettings(inputs)),
      ...Object.fromEntries(made.map((name) => [name, old?.outputs[name] ?? UNKNOWN])),
      logFile: dataDir === UNKNOWN ? UNKNOWN : logFileOf(toSettings(inputs)),
      running: true,
    };
  }

  async create(inputs: Properties, context: OperationContext): Promise<Omit<State, "inputs">> {
    const settings = toSettings(inputs);
    const dir = new DataDir(context.directory, settings.dataDir);
    const fresh = dir.claim({ urn: context.urn, program: settings.program });
    // Data that an interrupted run left behind keeps its key: clients may have it already.
    const left = dir.config();
    const keys = left?.namespaces[0]?.name === settings.namespace ? keysIn(left) : this.newKeys(settings.namespace);
    try {
      return { id: settings.dataDir, outputs: await this.run(dir, settings, keys, context) };
    } catch (error) {
      if (fresh) {
        // The failure itself is what the user wants to hear of.
        if (dir.config()) await this.clear(settings, keys, context).catch(() => undefined);
        dir.remove();
      }
      throw error;
    }
  }

  async read(old: State, context: OperationContext): Promise<State | undefined> {
    // At an import the id is all there is: the data directory.
    const dir = new DataDir(context.directory, old.id);
    const owner = dir.owner();
    const config = dir.config();
    if (!owner || !config) return undefined;
    const { settings, keys } = fromConfig(this.description, config, old.id, owner);
    const status = await findPlatform(dir, settings, context.signal);
    const outputs = { ...outputsOf(settings, keys), running: status.state === "running" };
    return { id: old.id, inputs: { ...settings }, outputs };
  }

  async update(old: State, inputs: Properties, context: OperationContext): Promise<Properties> {
    const settings = toSettings(inputs);
    const dir = new DataDir(context.directory, settings.dataDir);
    return this.run(dir, settings, keysOf(old), context, toSettings(old.outputs));
  }

  async delete(old: State, context: OperationContext): Promise<void> {
    const dir = new DataDir(context.directory, old.id);
    const status = await this.status(old, context.directory, context.signal);
    if (status.state !== "stopped") {
      context.log("Waiting for running work to finish");
      await stopPlatform(dir, status.pid, context.signal, this.drainLimit);
    }
    await this.clear(toSettings(old.outputs), keysOf(old), context);
    dir.remove();
  }

  /** Values of inputs that not all kinds have, where the user gives none. */
  protected ownDefaults(_old: Properties | undefined, _context: CheckContext): Properties {
    return {};
  }

  /** What is made once and kept for ever. */
  protected newKeys(namespace: string): Keys {
    return { credentials: newCredentials(namespace) };
  }

  /** Removes what a platform that has ended leaves elsewhere than in its folder. Doing it again does no harm. */
  protected async clear(_settings: Settings, _keys: Keys, _context: OperationContext): Promise<void> {}

  /** What the user can do about a platform that does not start. */
  protected hint(_message: string, _context: OperationContext): string {
    return "";
  }

  /** How the program is run. */
  protected programOf(settings: Settings): Program {
    return { node: settings.node ?? process.execPath, file: this.programs[0] };
  }

  /** The configuration of its program. */
  protected configOf(dataDir: string, settings: Settings, keys: Keys): ProgramConfig {
    return toConfig(this.description, settings, dataDir, keys);
  }

  /**
   * Makes the platform run with these settings, and no other process on this folder.
   *
   * @param last where it served when Pulumi last knew
   */
  private async run(dir: DataDir, settings: Settings, made: Keys, context: OperationContext, last: Endpoint = settings): Promise<Properties> {
    const keys = { ...made, adminKey: made.adminKey ?? randomKey() };
    // Somebody may have removed the folder, and the configuration with it, under a process that serves.
    const before = dir.config() ?? last;
    const status = await findPlatform(dir, before, context.signal);
    // While the old process still serves, so that a port that is taken stops nothing.
    if (status.state === "stopped" || !sameEndpoint(before, settings)) await requireFree(settings, configCommand(context.urn, "port", "<number>"));

    if (status.state !== "stopped") {
      context.log("Stopping the platform; waiting for running work to finish");
      await stopPlatform(dir, status.pid, context.signal, this.drainLimit);
    }
    await forgetTheDead(dir);
    dir.write(this.configOf(dir.path, settings, keys), { urn: context.urn, program: settings.program, node: settings.node });
    context.log(`Starting the platform on ${urlOf(settings)}`);
    const limit = (context.timeout || START_TIMEOUT) * 1000;
    const pid = await startPlatform(this.programOf(settings), dir, settings, limit, context.signal, (message) => this.hint(message, context));
    context.log(`The platform serves on ${urlOf(settings)} as process ${pid}`);
    return outputsOf(settings, keys);
  }

  private status(old: State, directory: string, signal: AbortSignal): Promise<Status> {
    return findPlatform(new DataDir(directory, old.id), toSettings(old.outputs), signal);
  }
}

/**
 * The program takes the note of a process id for a lock. Where nothing waits for orphans (many containers), a process
 * that was killed stays in the table as a zombie and would lock its data for ever.
 */
async function forgetTheDead(dir: DataDir): Promise<void> {
  const noted = dir.pid();
  if (noted !== undefined && (await hasEnded(noted))) dir.forgetPid();
}

function outputsOf(settings: Settings, keys: Keys): Properties {
  return { ...settings, apiHost: urlOf(settings), ...toOutputs(keys), logFile: logFileOf(settings), running: true };
}

const logFileOf = ({ dataDir }: Settings): string => `${dataDir}/platform.log`;
