import { changesOf } from "../description";
import {
  UNKNOWN,
  type CheckContext,
  type CheckFailure,
  type Difference,
  type OperationContext,
  type Properties,
  type ResourceHandler,
  type State,
} from "../resource";
import { checkInputs } from "./check";
import { DataDir, fromAuth, newCredentials, toAuth, type Credentials, type ProgramConfig } from "./dataDir";
import { description } from "./description";
import { requireFree, sameEndpoint, urlOf, type Endpoint } from "./endpoint";
import { findPlatform, type Status } from "./find";
import { hasEnded } from "./processes";
import { builtProgram } from "./program";
import { toSettings, type Settings } from "./settings";
import { startPlatform } from "./start";
import { DRAIN_LIMIT, stopPlatform } from "./stop";
import { projectOf } from "./urn";

export interface LocalPlatformOptions {
  /** Path of the platform's program. */
  program?: string;
  /** Milliseconds that a platform may take to finish running work before it is ended by force. */
  drainLimit?: number;
}

/** Seconds that a platform may take until it serves, if the user says nothing else. */
const START_TIMEOUT = 60;

/** The platform as one background process on this machine, with all of its data in one folder. */
export class LocalPlatformHandler implements ResourceHandler {
  readonly token = "stackwhisk:index:LocalPlatform";
  readonly description = description;
  private readonly program: string;
  private readonly drainLimit: number;

  constructor(options: LocalPlatformOptions = {}) {
    this.program = options.program ?? builtProgram();
    this.drainLimit = options.drainLimit ?? DRAIN_LIMIT;
  }

  async check(inputs: Properties, old: Properties | undefined, context: CheckContext): Promise<{ inputs: Properties; failures: CheckFailure[] }> {
    return checkInputs(inputs, old, context, this.program);
  }

  /** Besides the inputs it looks at the process itself: one that died (reboot, `kill -9`) is a change to `running`. */
  async diff(old: State, inputs: Properties, context: CheckContext): Promise<Difference> {
    const changes = changesOf(description, old.inputs, inputs);
    const status = await this.status(old, context.directory, new AbortController().signal);
    if (status.state !== "running" || old.outputs.running === false) changes.running = "update";
    return { changes, deleteBeforeReplace: true };
  }

  plan(inputs: Properties, old: State | undefined): Properties {
    const { host, port, dataDir } = inputs;
    return {
      ...inputs,
      apiHost: host === UNKNOWN || port === UNKNOWN ? UNKNOWN : urlOf(toSettings(inputs)),
      auth: old?.outputs.auth ?? UNKNOWN,
      logFile: dataDir === UNKNOWN ? UNKNOWN : logFileOf(toSettings(inputs)),
      running: true,
    };
  }

  async create(inputs: Properties, context: OperationContext): Promise<Omit<State, "inputs">> {
    const settings = toSettings(inputs);
    const dir = new DataDir(context.directory, settings.dataDir);
    const fresh = dir.claim({ urn: context.urn, program: settings.program });
    try {
      // Data that an interrupted run left behind keeps its key: clients may have it already.
      const kept = dir.config()?.namespaces[0];
      const credentials = kept?.name === settings.namespace ? kept : newCredentials(settings.namespace);
      return { id: settings.dataDir, outputs: await this.run(dir, settings, credentials, context) };
    } catch (error) {
      if (fresh) dir.remove();
      throw error;
    }
  }

  async read(old: State, context: OperationContext): Promise<State | undefined> {
    // At an import the id is all there is: the data directory.
    const dir = new DataDir(context.directory, old.id);
    const owner = dir.owner();
    const config = dir.config();
    if (!owner || !config) return undefined;

    const { host, port, memory, idleTimeout, prewarm, logLevel } = config;
    const credentials = config.namespaces[0]!;
    const settings: Settings = { host, port, memory, idleTimeout, prewarm, logLevel, dataDir: old.id, namespace: credentials.name, program: owner.program };
    if (owner.node) settings.node = owner.node;
    const status = await findPlatform(dir, settings, context.signal);
    const outputs = { ...outputsOf(settings, credentials), running: status.state === "running" };
    return { id: old.id, inputs: { ...settings }, outputs };
  }

  async update(old: State, inputs: Properties, context: OperationContext): Promise<Properties> {
    const settings = toSettings(inputs);
    const credentials = fromAuth(settings.namespace, String(old.outputs.auth));
    return this.run(new DataDir(context.directory, settings.dataDir), settings, credentials, context, toSettings(old.outputs));
  }

  async delete(old: State, context: OperationContext): Promise<void> {
    const dir = new DataDir(context.directory, old.id);
    const status = await this.status(old, context.directory, context.signal);
    if (status.state !== "stopped") {
      context.log("Waiting for running work to finish");
      await stopPlatform(dir, status.pid, context.signal, this.drainLimit);
    }
    dir.remove();
  }

  /**
   * Makes the platform run with these settings, and no other process on this folder.
   *
   * @param last where it served when Pulumi last knew
   */
  private async run(dir: DataDir, settings: Settings, credentials: Credentials, context: OperationContext, last: Endpoint = settings): Promise<Properties> {
    // Somebody may have removed the folder, and the configuration with it, under a process that serves.
    const before = dir.config() ?? last;
    const status = await findPlatform(dir, before, context.signal);
    // While the old process still serves, so that a port that is taken stops nothing.
    if (status.state === "stopped" || !sameEndpoint(before, settings)) {
      await requireFree(settings, `\`pulumi config set ${projectOf(context.urn)}:port <number>\``);
    }

    if (status.state !== "stopped") {
      context.log("Stopping the platform; waiting for running work to finish");
      await stopPlatform(dir, status.pid, context.signal, this.drainLimit);
    }
    await forgetTheDead(dir);
    dir.write(programConfig(dir, settings, credentials), { urn: context.urn, program: settings.program, node: settings.node });
    context.log(`Starting the platform on ${urlOf(settings)}`);
    const program = { node: settings.node ?? process.execPath, file: this.program };
    const pid = await startPlatform(program, dir, settings, (context.timeout || START_TIMEOUT) * 1000, context.signal);
    context.log(`The platform serves on ${urlOf(settings)} as process ${pid}`);
    return outputsOf(settings, credentials);
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

function outputsOf(settings: Settings, credentials: Credentials): Properties {
  return { ...settings, apiHost: urlOf(settings), auth: toAuth(credentials), logFile: logFileOf(settings), running: true };
}

const logFileOf = ({ dataDir }: Settings): string => `${dataDir}/platform.log`;

function programConfig(dir: DataDir, settings: Settings, credentials: Credentials): ProgramConfig {
  const { host, port, memory, idleTimeout, prewarm, logLevel } = settings;
  return { host, port, memory, idleTimeout, prewarm, logLevel, dataDir: dir.path, namespaces: [credentials] };
}
