import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./freePort";
import { leaveOut } from "./leftOut";
import { sharedServer } from "./sharedServer";

/** A server that tests may kill and start again. */
export interface TestServer {
  readonly url: string;
  /** Of the server's process; undefined when it does not run. */
  readonly pid: number | undefined;
  /** What is to be killed and removed in the end. */
  readonly parts: { pids: number[]; containers?: string[] };
  /** Starts it, again with the same port and data; resolves when it can be used. */
  start(): Promise<void>;
  /** SIGKILL */
  kill(): Promise<void>;
  /** In order. */
  stop(): Promise<void>;
  /** Ends it and all that belongs to it. */
  dispose(): Promise<void>;
}

/** A kind of server, and the ways to have one. */
export interface ServerKind {
  /** Of folders, and of the one that test files share. */
  name: string;
  /** Variable of the environment with the URL of one that runs already. */
  variable: string;
  /** Why there is none where nothing answers, up to the Docker engine. */
  missing(): string;
  /** A program of this machine could serve. */
  isInstalled(): boolean;
  /** As a process of this machine, with its data in the folder. Not started yet. */
  make(folder: string): Promise<TestServer>;
  image: ImageOptions;
}

type Source = { kind: "url"; url: string } | { kind: "installed" } | { kind: "docker" } | { kind: "none"; reason: string };

/** Servers of one kind for tests: one that is given by URL, one of this machine's programs, or an image. */
export class TestServers {
  constructor(private readonly kind: ServerKind) {}

  /** Of one's own, to be killed and disposed of; one that is given by URL cannot be. */
  async own(): Promise<TestServer> {
    const folder = mkdtempSync(join(tmpdir(), `${this.kind.name}-`));
    const server = await this.make(this.kind.isInstalled(), folder);
    const dispose = server.dispose.bind(server);
    server.dispose = async () => {
      await dispose();
      rmSync(folder, { recursive: true, force: true });
    };
    try {
      await server.start();
    } catch (error) {
      await server.dispose();
      throw error;
    }
    return server;
  }

  /** URL of the one that all test files of the jest run share: each uses names of its own in it. */
  async shared(): Promise<string> {
    const source = this.source();
    if (source.kind === "url") return source.url;
    const { url } = await sharedServer(this.kind.name, async (folder) => {
      const server = await this.make(source.kind === "installed", folder);
      await server.start();
      return { url: server.url, ...server.parts };
    });
    return url;
  }

  /**
   * `describe` for what needs one. Without one the tests are skipped and the reason is told; where CI is set they fail.
   *
   * @param own tests kill the server: the one that is given by URL does not do
   */
  describe(name: string, tests: () => void, { own = false } = {}): void {
    const source = this.source({ own });
    if (source.kind === "none") leaveOut(name, source.reason, tests);
    else describe(name, tests);
  }

  private async make(installed: boolean, folder: string): Promise<TestServer> {
    return installed ? this.kind.make(folder) : new ImageServer(this.kind.image, await freePort());
  }

  private source({ own = false } = {}): Source {
    const { variable, missing } = this.kind;
    const url = process.env[variable];
    if (url && !own) return { kind: "url", url };
    if (this.kind.isInstalled()) return { kind: "installed" };
    try {
      execFileSync("docker", ["info"], { stdio: "ignore", timeout: 5_000 });
      return { kind: "docker" };
    } catch {
      const reason = `${missing()} nor a Docker engine that answers`;
      return { kind: "none", reason: own ? `${reason}.` : `${reason}, and ${variable} is not set.` };
    }
  }
}

export interface ImageOptions {
  image: string;
  /** In the container. */
  port: number;
  /** More arguments of `docker run`. */
  args?: string[];
  /** @param port on this machine */
  url(port: number): string;
  /** Resolves when it can be used. */
  answers(url: string, running: () => boolean): Promise<void>;
}

const docker = async (...args: string[]) => (await promisify(execFile)("docker", args)).stdout.trim();

/** A server in a container. */
class ImageServer implements TestServer {
  pid: number | undefined;
  private container?: string;

  constructor(
    private readonly options: ImageOptions,
    private readonly port: number,
  ) {}

  get url(): string {
    return this.options.url(this.port);
  }

  get parts() {
    return { pids: [], containers: this.container ? [this.container] : [] };
  }

  async start(): Promise<void> {
    const { image, port, args = [], answers } = this.options;
    if (this.container) await docker("start", this.container);
    else this.container = await docker("run", "-d", "-p", `127.0.0.1:${this.port}:${port}`, ...args, image);
    await answers(this.url, () => true);
    this.pid = Number(await docker("inspect", "-f", "{{.State.Pid}}", this.container));
  }

  async kill(): Promise<void> {
    await this.end("kill");
  }

  async stop(): Promise<void> {
    await this.end("stop");
  }

  async dispose(): Promise<void> {
    if (this.container) await docker("rm", "--force", "--volumes", this.container);
    this.container = this.pid = undefined;
  }

  private async end(command: "kill" | "stop"): Promise<void> {
    if (this.container) await docker(command, this.container);
    this.pid = undefined;
  }
}
