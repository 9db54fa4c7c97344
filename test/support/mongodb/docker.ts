import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { freePort } from "../freePort";
import type { TestMongoServer } from "../mongodb";
import { answers } from "./ready";

const IMAGE = "mongo:8";
const docker = async (...args: string[]) => (await promisify(execFile)("docker", args)).stdout.trim();

/** A standalone MongoDB in a container. */
export class DockerMongo implements TestMongoServer {
  pid: number | undefined;
  private container?: string;

  private constructor(private readonly port: number) {}

  static async make(): Promise<DockerMongo> {
    return new DockerMongo(await freePort());
  }

  get url(): string {
    return `mongodb://127.0.0.1:${this.port}/`;
  }

  get parts() {
    return { pids: [], containers: this.container ? [this.container] : [] };
  }

  async start(): Promise<void> {
    if (this.container) await docker("start", this.container);
    else this.container = await docker("run", "-d", "-p", `127.0.0.1:${this.port}:27017`, IMAGE);
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
