import { type ChildProcess, spawn } from "node:child_process";
import { openSync, closeSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../freePort";
import { isRunning } from "../processes";
import type { TestServer } from "../testServer";
import { until } from "../until";
import { answers } from "./ready";

/** Debian's package has it there; what it has on PATH changes to a user of its own. */
export const SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server";

interface Ports {
  amqp: number;
  distribution: number;
  epmd: number;
}

/** A broker of Debian's package, on ports and in a folder of its own. */
export class DebianBroker implements TestServer {
  private server?: ChildProcess;
  private epmd?: ChildProcess;

  private constructor(
    private readonly folder: string,
    private readonly ports: Ports,
  ) {}

  static async make(folder: string): Promise<DebianBroker> {
    const ports = { amqp: await freePort(), distribution: await freePort(), epmd: await freePort() };
    const settings = [
      `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
      "log.console = false",
      "disk_free_limit.absolute = 50MB",
      // Quorum queues take as much memory as their write-ahead log may be long.
      "raft.wal_max_size_bytes = 64000000",
    ];
    writeFileSync(join(folder, "rabbitmq.conf"), `${settings.join("\n")}\n`);
    writeFileSync(join(folder, "enabled_plugins"), "[].");
    return new DebianBroker(folder, ports);
  }

  get url(): string {
    return `amqp://guest:guest@127.0.0.1:${this.ports.amqp}`;
  }

  get pid(): number | undefined {
    // It may have ended without this process having heard of it.
    return this.server?.pid && !hasEnded(this.server) && isRunning(this.server.pid) ? this.server.pid : undefined;
  }

  get parts() {
    return { pids: [this.server?.pid, this.epmd?.pid].filter((pid) => pid !== undefined) };
  }

  async start(): Promise<void> {
    if (this.pid !== undefined) return;
    // Otherwise the broker starts one that outlives it and listens on all addresses.
    if (!this.epmd || hasEnded(this.epmd)) this.epmd = this.spawn("epmd", ["-address", "127.0.0.1", "-port", String(this.ports.epmd)]);
    const server = this.spawn(SERVER, []);
    this.server = server;
    await answers(this.url, () => !hasEnded(server)).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${readFileSync(join(this.folder, "output"), "utf8")}`);
    });
  }

  async kill(): Promise<void> {
    await this.end(this.server, "SIGKILL");
  }

  async stop(): Promise<void> {
    await this.end(this.server, "SIGTERM");
  }

  async dispose(): Promise<void> {
    await this.end(this.server, "SIGKILL");
    await this.end(this.epmd, "SIGKILL");
  }

  private async end(process: ChildProcess | undefined, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    if (!process?.pid) return;
    const { pid } = process;
    process.kill(signal);
    await until(`the end of process ${pid}`, () => hasEnded(process) || !isRunning(pid));
  }

  private spawn(command: string, args: string[]): ChildProcess {
    const output = openSync(join(this.folder, "output"), "a");
    const child = spawn(command, args, { env: this.environment(), stdio: ["ignore", output, output], detached: true });
    closeSync(output);
    child.on("error", () => {});
    child.unref();
    return child;
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      HOME: this.folder,
      ERL_EPMD_PORT: String(this.ports.epmd),
      RABBITMQ_NODENAME: `test-${this.ports.amqp}@localhost`,
      RABBITMQ_DIST_PORT: String(this.ports.distribution),
      RABBITMQ_CONFIG_FILE: join(this.folder, "rabbitmq"),
      RABBITMQ_CONF_ENV_FILE: join(this.folder, "no-environment"),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(this.folder, "enabled_plugins"),
      RABBITMQ_MNESIA_BASE: join(this.folder, "data"),
      RABBITMQ_LOG_BASE: join(this.folder, "log"),
      // The script becomes the broker then, so its pid is the broker's.
      RABBITMQ_ALLOW_INPUT: "true",
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-noinput -kernel inet_dist_use_interface {127,0,0,1} +sbwt none",
    };
  }
}

const hasEnded = (process: ChildProcess) => process.exitCode !== null || process.signalCode !== null;
