import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../..");
const TOOLCHAIN = ".stackwhisk/bin";

export interface Ended {
  status: number | null;
  stdout: string;
  /** stdout and stderr as they came. */
  output: string;
}

/**
 * A copy of the checkout in a temporary folder, as a person would have it who has run `npm install`:
 * with state, platform and port of its own.
 */
export class Checkout {
  readonly folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-checkout-"));
  port = 0;
  /** Folders that come first on PATH. */
  readonly programs: string[] = [];
  private readonly stacks = new Set(["cluster", "local"]);

  static async create(): Promise<Checkout> {
    const checkout = new Checkout();
    checkout.copy();
    checkout.port = await freePort();
    checkout.configure({ port: checkout.port });
    return checkout;
  }

  /** Sets configuration values of a stack of the platform, which has the name of its target. */
  configure(values: Record<string, unknown>, stack: "local" | "cluster" | "docker" = "local"): void {
    this.stacks.add(stack);
    const lines = Object.entries({ target: stack, ...values }).map(([name, value]) => `  stackwhisk-platform:${name}: ${JSON.stringify(value)}`);
    this.write(`stacks/platform/Pulumi.${stack}.yaml`, `config:\n${lines.join("\n")}\n`);
  }

  path(file: string): string {
    return path.join(this.folder, file);
  }

  read(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  write(file: string, text: string): void {
    writeFileSync(this.path(file), text);
  }

  /** Runs a command of `package.json`: `up`, `down`, `env`, `pulumi …`. */
  run(...args: string[]): Promise<Ended> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, ["tools/run.mjs", ...args], { cwd: this.folder, env: this.environment(), stdio: ["ignore", "pipe", "pipe"] });
      let [stdout, output] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => ((stdout += chunk.toString()), (output += chunk.toString())));
      child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.on("close", (status) => resolve({ status, stdout, output }));
    });
  }

  /** As `run`, but anything but exit code 0 throws. */
  async must(...args: string[]): Promise<Ended> {
    const ended = await this.run(...args);
    if (ended.status !== 0) throw new Error(`${args.join(" ")} ended with ${ended.status}:\n${ended.output}`);
    return ended;
  }

  /** Takes down what is still up, and removes the folder. */
  async dispose(): Promise<void> {
    for (const stack of this.stacks) await this.run("down", stack);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private copy(): void {
    const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: ROOT, encoding: "utf8" }).split("\n").filter((file) => file !== "" && existsSync(path.join(ROOT, file)));
    for (const file of files) cpSync(path.join(ROOT, file), this.path(file), { preserveTimestamps: true });
    this.linkPackages();
    mkdirSync(this.path(path.dirname(TOOLCHAIN)), { recursive: true });
    symlinkSync(path.join(ROOT, TOOLCHAIN), this.path(TOOLCHAIN));
  }

  /** Those that are installed; but the library that programs import is the copy's own. */
  private linkPackages(): void {
    mkdirSync(this.path("node_modules"));
    const installed = path.join(ROOT, "node_modules");
    for (const name of readdirSync(installed)) symlinkSync(name === "stackwhisk" ? "../infra" : path.join(installed, name), this.path(`node_modules/${name}`));
  }

  /** A person's own Pulumi settings must not reach the test. */
  private environment(): NodeJS.ProcessEnv {
    const { STACKWHISK_HOME: _home, PULUMI_STACK: _stack, INIT_CWD: _cwd, ...rest } = process.env;
    const PATH = [...this.programs, process.env.PATH].join(path.delimiter);
    return { ...rest, PATH, STACKWHISK_HOME: ".stackwhisk", NO_COLOR: "1" };
  }
}

/** Builds Pulumi's toolchain in the checkout if it is not there: minutes on a new machine. */
export function prepareToolchain(): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["tools/run.mjs", "pulumi", "version"], { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`Pulumi cannot be had: ${stdout}${stderr}`);
  mkdirSync(path.join(ROOT, TOOLCHAIN), { recursive: true });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
