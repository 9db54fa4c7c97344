import { type ChildProcess, fork } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ProcessReport } from "../../services/process/service";
import type { TcpProxy } from "./tcpProxy";
import { until } from "./until";

export type Role = "controller" | "invoker";

export interface ServiceProcessOptions {
  role: Role;
  /** Which of its role, from 0. */
  index: number;
  /** Folder for its configuration. */
  folder: string;
  config: Record<string, unknown>;
  /** Of a controller. */
  port?: number;
  /** Ways to the servers, which a test may break; absent: it goes there directly. */
  broker?: TcpProxy;
  database?: TcpProxy;
}

/** How long one may take until it serves, and until it has ended in order. Milliseconds. */
const START_LIMIT = 60_000;
const STOP_LIMIT = 70_000;
/** Flags for whoever starts it are not for it: source maps double its memory. */
const AS_PRODUCTION: string[] = [];

/** A controller or an invoker of a distributed platform, as a process that a test may kill, hold and start again. */
export class ServiceProcess {
  readonly role: Role;
  readonly name: string;
  readonly port: number | undefined;
  readonly broker: TcpProxy | undefined;
  readonly database: TcpProxy | undefined;
  private child?: ChildProcess;
  private serving = false;
  private disposed = false;
  private output = "";

  constructor(private readonly options: ServiceProcessOptions) {
    this.role = options.role;
    this.name = `${options.role} ${options.index}`;
    this.port = options.port;
    this.broker = options.broker;
    this.database = options.database;
  }

  get pid(): number {
    if (!this.isRunning) throw new Error(`${this.name} does not run`);
    return this.child!.pid!;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What it has written in all its lives, log lines of JSON. */
  get log(): string {
    return this.output;
  }

  /** Its program and arguments, with its configuration written down. */
  command(): [program: string, ...args: string[]] {
    const { role, port } = this;
    const { index, folder, config } = this.options;
    const program = path.resolve(process.env.STACKWHISK_ROOT ?? process.cwd(), `dist/services/${role}.js`);
    if (!existsSync(program)) throw new Error(`${program} is missing: run npm run build`);
    const file = path.join(folder, `${role}-${index}.json`);
    writeFileSync(file, JSON.stringify({ ...config, ...(port === undefined ? {} : { port }) }));
    return [program, "--config", file];
  }

  /** Resolves when it serves. @param env added to that of this process */
  async start(env: NodeJS.ProcessEnv = {}): Promise<void> {
    this.launch(env);
    await this.whenServing();
  }

  /** Starts it, and does not wait. */
  launch(env: NodeJS.ProcessEnv = {}): void {
    if (this.isRunning) throw new Error(`${this.name} runs already`);
    if (this.disposed) throw new Error(`${this.name} is not wanted any more`);
    const [program, ...args] = this.command();
    this.serving = false;
    const child = fork(program, args, { execArgv: AS_PRODUCTION, stdio: ["ignore", "pipe", "pipe", "ipc"], env: { ...process.env, ...env } });
    this.child = child;
    for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
    child.on("message", (report: ProcessReport) => {
      if (child === this.child && report.kind === "serving") this.serving = true;
    });
    child.on("error", (error) => (this.output += `${String(error)}\n`));
  }

  /** @throws when it ends instead, with the end of what it has written */
  async whenServing(): Promise<void> {
    await until(`${this.name} serves`, () => {
      if (!this.isRunning) throw new Error(`${this.name} ended while it started:\n${this.output.slice(-4_000)}`);
      return this.serving;
    }, START_LIMIT);
  }

  /** Resolves when it has ended by itself, for example at a fail point. */
  whenEnded(limit?: number): Promise<unknown> {
    return until(`the end of ${this.name}`, () => !this.isRunning, limit);
  }

  /** SIGKILL, whatever state it is in. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    this.child!.kill("SIGKILL");
    await this.whenEnded();
  }

  /** Ends it in order. @returns its exit code */
  async stop(): Promise<number | null> {
    if (this.isRunning) {
      this.child!.kill("SIGTERM");
      await this.whenEnded(STOP_LIMIT);
    }
    return this.child?.exitCode ?? null;
  }

  async restart(env?: NodeJS.ProcessEnv): Promise<void> {
    await this.kill();
    await this.start(env);
  }

  /** SIGSTOP: it keeps its connections, and does nothing. */
  pause(): void {
    process.kill(this.pid, "SIGSTOP");
  }

  resume(): void {
    process.kill(this.pid, "SIGCONT");
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    await this.kill();
    await this.broker?.close();
    await this.database?.close();
  }
}
