import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "./client";
import { childrenOf } from "./processes";
import { until } from "./until";

const PROGRAM = path.resolve(process.env.STACKWHISK_ROOT ?? process.cwd(), "dist/services/standalone.js");
const SECRET = "k".repeat(64);

export interface PlatformOptions {
  memory?: number;
  idleTimeout?: number;
  prewarm?: boolean;
  namespaces?: { name: string; uuid: string; key: string }[];
  [other: string]: unknown;
}

export const GUEST = { name: "guest", uuid: "23bc46b1-71f6-4ed5-8c54-816aa4f8c502", key: SECRET };

/** An embedded platform of its own, as a process, with its data in a temporary folder. */
export class TestPlatform {
  readonly dataDir = mkdtempSync(path.join(tmpdir(), "stackwhisk-test-"));
  private child?: ChildProcess;
  private port = 0;
  private output = "";

  constructor(private readonly options: PlatformOptions = {}) {}

  static async start(options: PlatformOptions = {}): Promise<TestPlatform> {
    const platform = new TestPlatform(options);
    await platform.start();
    return platform;
  }

  /** Starts, or starts again on the same port. Resolves when it serves. */
  async start(): Promise<void> {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run npm run build`);
    const file = path.join(this.dataDir, "config.json");
    writeFileSync(file, JSON.stringify({ namespaces: [GUEST], logLevel: "info", ...this.options, port: this.port, dataDir: this.dataDir }));
    this.output = "";
    const child = spawn(process.execPath, [PROGRAM, "--config", file], { stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    child.stdout!.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr!.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
    const addressFile = path.join(this.dataDir, "address.json");
    this.port = await until("the platform serves", () => {
      if (child.exitCode !== null) throw new Error(`the platform ended with ${child.exitCode}:\n${this.output}`);
      if (!existsSync(addressFile)) return undefined;
      const address = JSON.parse(readFileSync(addressFile, "utf8") || "{}") as { pid?: number; port?: number };
      return address.pid === child.pid && address.port;
    });
  }

  get apiHost(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get auth(): string {
    return `${GUEST.uuid}:${GUEST.key}`;
  }

  get pid(): number {
    return this.child!.pid!;
  }

  /** Pids of its containers. Linux only. */
  containers(): number[] {
    return childrenOf(this.pid);
  }

  /** What it has written, log lines of JSON. */
  get log(): string {
    return this.output;
  }

  client(auth = this.auth): Client {
    return new Client(this.apiHost, auth);
  }

  /** Ends the process at once, as a crash would. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** @returns the exit code */
  async stop(): Promise<number | null> {
    return this.end("SIGTERM");
  }

  /** Ends it and removes its data. */
  async dispose(): Promise<void> {
    if (this.child) await this.end("SIGKILL");
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.child!;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const gone = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill(signal);
    return gone;
  }
}
