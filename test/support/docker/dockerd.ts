import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isRunning } from "../processes";
import { removeFolder } from "../removeFolder";
import { until } from "../until";
import { answersAt, docker } from "./cli";

/** Why no engine can be started on this machine; undefined: it can be tried. */
export function whyNoDockerd(): string | undefined {
  if (process.platform !== "linux") return "dockerd runs on Linux only";
  if (process.getuid?.() !== 0) return "dockerd has to be started as root";
  const lacking = ["dockerd", "docker", "iptables", "ip"].filter((program) => spawnSync(program, ["-V"], { stdio: "ignore" }).error !== undefined);
  return lacking.length > 0 ? `${lacking.join(" and ")} is not installed (Debian: docker.io, docker-cli, iptables, iproute2)` : undefined;
}

const START_LIMIT = 60_000;
const ATTEMPTS = 3;

export interface DockerdOptions {
  /** It leaves the machine's rules of traffic alone: its containers reach this machine, and nothing else. */
  isolated?: boolean;
  /** Its containers live on when it ends. */
  liveRestore?: boolean;
}

/** A `dockerd` with data, sockets and addresses of its own, all in one folder. */
export class Dockerd {
  readonly host: string;
  private server?: ChildProcess;
  /** A range of private addresses that is hardly anybody's. */
  private readonly addresses = `10.${randomInt(100, 250)}`;
  private readonly bridge: Bridge | undefined;

  constructor(
    private readonly folder: string,
    private readonly options: DockerdOptions = {},
  ) {
    this.host = `unix://${join(folder, "docker.sock")}`;
    if (options.isolated) this.bridge = new Bridge(`${this.addresses}.255.1/24`);
  }

  /** Of the engine alone; undefined: it does not run. */
  get pid(): number | undefined {
    const pid = this.server?.pid;
    return pid !== undefined && isRunning(pid) ? pid : undefined;
  }

  /** Of the engine, of the containerd that belongs to it, and of what holds its containers. */
  get pids(): number[] {
    const others = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && (read(`/proc/${name}/cmdline`) ?? "").includes(`${this.folder}/exec/`));
    return [...new Set([this.server?.pid ?? 0, ...others.map(Number)])].filter((pid) => pid > 1 && isRunning(pid));
  }

  /** Starts it, again with the same data; resolves when it answers. */
  async start(): Promise<void> {
    // Now and then the containerd that it starts dies with the thread that has started it, and then it gives up.
    for (let attempt = 1; !(await this.launch(attempt === ATTEMPTS)); attempt++) await this.endContainerd();
  }

  /** False: it has ended, and may be started again. */
  private async launch(last: boolean): Promise<boolean> {
    mkdirSync(join(this.folder, "exec"), { recursive: true });
    // A containerd that was killed may still have its number where nobody asks after processes that have ended: dockerd would wait for it.
    if (!isRunning(Number(read(this.containerdPid) ?? 0))) rmSync(this.containerdPid, { force: true });
    this.bridge?.make();
    const output = openSync(join(this.folder, "output"), "a");
    const server = spawn("dockerd", this.arguments(), { stdio: ["ignore", output, output], detached: true });
    closeSync(output);
    server.on("error", () => {});
    server.unref();
    this.server = server;
    const ended = () => server.exitCode !== null || server.pid === undefined;
    await until(`a Docker engine at ${this.host}`, () => ended() || answersAt(this.host), START_LIMIT);
    if (ended() && last) throw new Error(`dockerd has ended while it started:\n${this.lastWords()}`);
    return !ended();
  }

  private async endContainerd(): Promise<void> {
    const pid = Number(read(this.containerdPid) ?? 0);
    if (pid <= 1 || !this.pids.includes(pid)) return;
    process.kill(pid, "SIGKILL");
    await until(`the end of containerd ${pid}`, () => !isRunning(pid));
  }

  /** SIGKILL of the engine and of its containerd. Its containers run on; without live-restore the next start ends them. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
    await this.endContainerd();
  }

  /** In order: its containers end too, unless they are to live on. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends it, and removes all that it has. */
  async dispose(): Promise<void> {
    if (answersAt(this.host)) {
      const containers = await docker(this.host, "ps", "--all", "--quiet");
      if (containers !== "") await docker(this.host, "rm", "--force", "--volumes", ...containers.split("\n"));
      await docker(this.host, "network", "prune", "--force");
    }
    await this.stop();
    for (const pid of this.pids) process.kill(pid, "SIGKILL");
    this.bridge?.remove();
    removeFolder(this.folder);
  }

  private async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const { pid } = this;
    if (pid === undefined) return;
    process.kill(pid, signal);
    await until(`the end of dockerd ${pid}`, () => !isRunning(pid));
  }

  private arguments(): string[] {
    const { folder, bridge, addresses, options } = this;
    return [
      `--host=${this.host}`,
      `--data-root=${join(folder, "data")}`,
      `--exec-root=${join(folder, "exec")}`,
      `--pidfile=${join(folder, "dockerd.pid")}`,
      "--log-level=warn",
      // With a pool of addresses an engine removes `docker0` whenever it starts again, also if its own standard network is another one.
      ...(bridge ? ["--iptables=false", "--ip6tables=false", `--bridge=${bridge.name}`] : [`--default-address-pool=base=${addresses}.0.0/16,size=24`]),
      ...(options.liveRestore ? ["--live-restore"] : []),
    ];
  }

  private get containerdPid(): string {
    return join(this.folder, "exec/containerd/containerd.pid");
  }

  private lastWords(): string {
    return (read(join(this.folder, "output")) ?? "").trim().split("\n").slice(-20).join("\n");
  }
}

/** The standard network of an engine that is not the machine's: without one of its own it would take that one's, or remove it. */
class Bridge {
  readonly name = `sw-${randomBytes(4).toString("hex")}`;

  constructor(private readonly address: string) {}

  make(): void {
    if (existsSync(`/sys/class/net/${this.name}`)) return;
    ip("link", "add", "name", this.name, "type", "bridge");
    ip("address", "add", this.address, "dev", this.name);
    ip("link", "set", this.name, "up");
  }

  remove(): void {
    if (existsSync(`/sys/class/net/${this.name}`)) ip("link", "delete", this.name);
  }
}

function ip(...args: string[]): void {
  const { status, stderr } = spawnSync("ip", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ip ${args.join(" ")} ended with ${status}: ${stderr}`);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
