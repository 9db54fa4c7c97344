import { execFile, spawn } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestDocker } from "../../test/support/docker";
import { clientOf, collect, type RunningRuntime, type StartOptions, talkTo } from "./runtime";

const READY_LIMIT = 60_000;
/** How many are started ahead of the tests. */
const AHEAD = 2;

/** Runtimes in containers of one image, each on a port of this machine: the next ones start while a test has one. */
export class RuntimeContainers {
  private readonly ahead: Promise<RunningRuntime>[] = [];
  private readonly ending = new Set<Promise<unknown>>();

  /** @param image asked for when the first one starts */
  constructor(private readonly image: () => Promise<string>) {}

  /** One that answers. The suite stops it. */
  readonly start = async (options: StartOptions = {}): Promise<RunningRuntime> => {
    if (options.env !== undefined) return this.create(options.env);
    while (this.ahead.length <= AHEAD) {
      const next = this.create({});
      next.catch(() => undefined);
      this.ahead.push(next);
    }
    return this.ahead.shift()!;
  };

  /** Ends those that were started ahead, and waits for the end of all. */
  async close(): Promise<void> {
    const left = await Promise.allSettled(this.ahead.splice(0));
    for (const outcome of left) if (outcome.status === "fulfilled") void outcome.value.stop();
    await Promise.all(this.ending);
  }

  private async create(env: Record<string, string>): Promise<RunningRuntime> {
    const [host, image, port] = [await TestDocker.host(), await this.image(), await portToListenOn()];
    const name = `stackwhisk-test-${randomUUID().slice(0, 8)}`;
    const folder = mkdtempSync(join(tmpdir(), "stackwhisk-test-"));
    chmodSync(folder, 0o755);
    const settings = Object.entries({ PORT: String(port), ...env }).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    // The machine's network: its bridges take a good part of the time that a container needs to start.
    const args = ["run", "--rm", "--interactive", "--name", name, "--network", "host", "--volume", `${folder}:${folder}`, ...settings, image];
    const child = spawn("docker", args, { env: { ...process.env, DOCKER_HOST: host }, stdio: ["pipe", "pipe", "pipe"] });
    const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
      child.on("exit", (code, signal) => resolve({ code, signal }));
    });
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
    const docker = (...command: string[]) => new Promise<void>((resolve) => execFile("docker", command, { env: { ...process.env, DOCKER_HOST: host } }, () => resolve()));
    const client = clientOf({ port });

    const stop = (): Promise<void> => {
      const end = docker("rm", "--force", name).then(async () => {
        await exited;
        await client.destroy();
        rmSync(folder, { recursive: true, force: true });
      });
      this.ending.add(end);
      // Removing it takes longer than most tests do: the next one need not wait.
      void end.finally(() => this.ending.delete(end));
      return Promise.resolve();
    };
    try {
      await listening(port, exited);
    } catch (error) {
      await stop();
      throw new Error(`The container of ${image} does not answer: ${(error as Error).message}\n${stdout.text()}${stderr.text()}`);
    }
    return { ...talkTo(client, stdout, stderr), folder, kill: (signal) => void docker("kill", "--signal", signal, name), exited, stop };
  }
}

/**
 * A port that is free, and not of those that the system gives to clients: whoever asks again and again for one of these, until
 * somebody listens, may end up connected to himself.
 */
async function portToListenOn(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => server.once("error", () => resolve(false)).listen(port, () => resolve(true)));
    await new Promise((resolve) => server.close(resolve));
    if (free) return port;
  }
}

/** Waits until somebody listens there. */
async function listening(port: number, exited: Promise<unknown>): Promise<void> {
  let gone = false;
  void exited.then(() => (gone = true));
  const end = Date.now() + READY_LIMIT;
  while (!(await connects(port))) {
    if (gone) throw new Error("it has ended");
    if (Date.now() > end) throw new Error(`nothing listened on port ${port} within ${READY_LIMIT} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
