import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { freePort } from "../freePort";
import type { TestServer } from "../testServer";
import { isRunning } from "../processes";
import { until } from "../until";
import { answers } from "./ready";

/** Where the program is: as the environment says, or where the tools build it. */
export const ferretDbProgram = (): string =>
  process.env.STACKWHISK_FERRETDB ?? resolve(process.env.STACKWHISK_ROOT ?? process.cwd(), ".stackwhisk/bin-test/ferretdb");

/** FerretDB on SQLite, on a port and in a folder of its own. */
export class FerretDb implements TestServer {
  private server?: ChildProcess;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async make(folder: string): Promise<FerretDb> {
    mkdirSync(join(folder, "data"), { recursive: true });
    return new FerretDb(folder, await freePort());
  }

  get url(): string {
    return `mongodb://127.0.0.1:${this.port}/`;
  }

  get pid(): number | undefined {
    // It may have ended without this process having heard of it.
    return this.server?.pid && !hasEnded(this.server) && isRunning(this.server.pid) ? this.server.pid : undefined;
  }

  get parts() {
    return { pids: [this.server?.pid].filter((pid) => pid !== undefined) };
  }

  async start(): Promise<void> {
    if (this.pid !== undefined) return;
    const data = join(this.folder, "data");
    const server = this.spawn([
      "--handler=sqlite",
      `--sqlite-url=file:${data}/`,
      `--listen-addr=127.0.0.1:${this.port}`,
      "--debug-addr=-",
      "--telemetry=disable",
      `--state-dir=${data}`,
      "--log-level=warn",
    ]);
    this.server = server;
    await answers(this.url, () => !hasEnded(server)).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${readFileSync(join(this.folder, "output"), "utf8")}`);
    });
  }

  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  async dispose(): Promise<void> {
    await this.end("SIGKILL");
  }

  private async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const server = this.server;
    if (!server?.pid) return;
    const { pid } = server;
    server.kill(signal);
    await until(`the end of process ${pid}`, () => hasEnded(server) || !isRunning(pid));
  }

  private spawn(args: string[]): ChildProcess {
    const output = openSync(join(this.folder, "output"), "a");
    const child = spawn(ferretDbProgram(), args, { stdio: ["ignore", output, output], detached: true });
    closeSync(output);
    child.on("error", () => {});
    child.unref();
    return child;
  }
}

const hasEnded = (process: ChildProcess) => process.exitCode !== null || process.signalCode !== null || process.pid === undefined;
