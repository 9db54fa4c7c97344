import { type ChildProcess, spawn } from "node:child_process";
import type { CodeExec } from "../../core/model/entities";
import { type Container, type ContainerDriver, ContainerError, type ContainerSpec } from "../../core/ports/containers";
import { type Home, Homes } from "./process/homes";
import { RuntimeProcess } from "./process/runtimeProcess";

/**
 * How a runtime is started as a process. It listens on the Unix socket `STACKWHISK_SOCKET`, ends when its standard input closes
 * (`STACKWHISK_PARENT=stdin`) and writes a line to the descriptor `STACKWHISK_READY_FD` once it listens.
 */
export interface RuntimeCommand {
  command: string;
  args: string[];
  env: Record<string, string>;
  /** What the machine needs before, which may take its time; what it gives belongs to `env`, too. @throws Error for people */
  prepare?(): Promise<Record<string, string>>;
}

/** The runtime of a kind, or what stands for an image; or why there is none. */
export type ProcessCommands = (kind: string, image?: string) => RuntimeCommand | { missing: string };

export interface ProcessDriverOptions {
  commands: ProcessCommands;
  /** Folder for sockets and working directories; see {@link Homes}. */
  root?: string;
  /** Milliseconds that a runtime may take until it listens. @default 15000 */
  readyTimeout?: number;
}

const READY_TIMEOUT = 15_000;
/** Becomes the program that it is given, with OpenWhisk's limit of open files; a user who may have fewer keeps that. */
const LIMITED = 'ulimit -n 1024 2>/dev/null; exec "$0" "$@"';
/** How much of what a runtime wrote before it failed to start is shown. Characters. */
const OUTPUT_SHOWN = 2_000;

/**
 * Containers that are plain processes of this user, without any installation. This isolates APIs, not code: an action
 * can read what the user can read, and its memory limit is enforced by looking: on Linux, and elsewhere for the heap of
 * JavaScript only.
 */
export class ProcessDriver implements ContainerDriver {
  private readonly homes: Homes;
  private readonly running = new Set<RuntimeProcess>();
  private closed = false;

  constructor(private readonly options: ProcessDriverOptions) {
    this.homes = new Homes(options.root);
  }

  unavailable(exec: Pick<CodeExec, "kind" | "image">): string | undefined {
    const command = this.options.commands(exec.kind, exec.image);
    return "missing" in command ? command.missing : undefined;
  }

  async create(spec: ContainerSpec): Promise<Container> {
    this.checkOpen(spec);
    const command = await this.commandOf(spec);
    this.checkOpen(spec);
    const home = this.homes.create();
    const child = this.spawn(spec, command, home);
    if (!child.stdout) return this.unspawned(spec, child, home);
    const runtime = new RuntimeProcess(child, home.socket, spec.memory);
    this.running.add(runtime);
    void runtime.gone.then(() => {
      this.running.delete(runtime);
      return this.homes.remove(home).catch(() => undefined);
    });
    try {
      if (child.pid !== undefined) this.homes.inhabit(home, child.pid);
    } catch (error) {
      await runtime.destroy();
      throw error;
    }
    await this.ready(spec, child, runtime);
    return runtime;
  }

  reap(): Promise<void> {
    return this.homes.reap();
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.running].map((runtime) => runtime.destroy()));
    await this.homes.close();
  }

  private checkOpen({ name }: ContainerSpec): void {
    if (this.closed) throw new ContainerError(`The container ${name} was not started: the driver is closed.`);
  }

  private async commandOf({ name, kind, image }: ContainerSpec): Promise<RuntimeCommand> {
    const command = this.options.commands(kind, image);
    if ("missing" in command) throw new ContainerError(command.missing, { fault: "absent" });
    if (!command.prepare) return command;
    try {
      return { ...command, env: { ...command.env, ...(await command.prepare()) } };
    } catch (error) {
      throw new ContainerError(`The runtime process ${name} (${kind}) was not started: ${(error as Error).message}`, { cause: error });
    }
  }

  private spawn(spec: ContainerSpec, command: RuntimeCommand, home: Home): ChildProcess {
    return spawn("/bin/sh", ["-c", LIMITED, command.command, ...command.args], {
      cwd: home.work,
      // A group of its own, so that ending it ends what the action has started too.
      detached: true,
      stdio: ["pipe", "pipe", "pipe", "pipe"],
      // Nothing of the platform's own environment: it may hold keys.
      env: {
        PATH: process.env.PATH,
        LANG: process.env.LANG ?? "C.UTF-8",
        HOME: home.work,
        TMPDIR: home.work,
        NODE_OPTIONS: `--max-old-space-size=${spec.memory}`,
        ...command.env,
        ...spec.env,
        STACKWHISK_SOCKET: home.socket,
        STACKWHISK_PARENT: "stdin",
        STACKWHISK_READY_FD: "3",
      },
    });
  }

  /** Where no descriptor is free, Node gives up before it makes the streams; the reason comes as an event, and has to be heard. */
  private async unspawned({ name, kind }: ContainerSpec, child: ChildProcess, home: Home): Promise<never> {
    const error = await new Promise<Error>((resolve) => child.once("error", resolve));
    await this.homes.remove(home).catch(() => undefined);
    throw new ContainerError(`The runtime process ${name} (${kind}) could not be started: ${error.message}.`);
  }

  private async ready(spec: ContainerSpec, child: ChildProcess, runtime: RuntimeProcess): Promise<void> {
    let output = "";
    runtime.onLog((_stream, line) => {
      if (output.length < OUTPUT_SHOWN) output += `\n${line.slice(0, OUTPUT_SHOWN)}`;
    });
    const limit = this.options.readyTimeout ?? READY_TIMEOUT;
    let timer: NodeJS.Timeout | undefined;
    const failure = await Promise.race([
      new Promise<undefined>((resolve) => child.stdio[3]!.once("data", () => resolve(undefined))),
      runtime.gone.then((reason) => `it ${reason}`),
      new Promise<string>((resolve) => (timer = setTimeout(() => resolve(`it did not listen within ${limit} ms`), limit))),
    ]);
    clearTimeout(timer);
    runtime.onLog(undefined);
    if (failure === undefined) return;
    await runtime.destroy();
    throw new ContainerError(`The runtime process ${spec.name} (${spec.kind}) did not start: ${failure}.${output}`);
  }
}
