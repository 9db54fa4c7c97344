/** For tests of the platform on Docker: a program that is recorded instead of deployed. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { runtimesFolder } from "../../../../services/process/kinds";
import { Platform, type PlatformArgs } from "../../platform";

export interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const SECRET = "4dabf18193072939515e22adb298388d";
export const CONTAINER = "docker:index/container:Container";
export const IMAGE = "docker:index/remoteImage:RemoteImage";
export const NETWORK = "docker:index/network:Network";
export const VOLUME = "docker:index/volume:Volume";
export const KEYS = { auth: "23bc46b1-71f6-4ed5-8c54-816aa4f8c502:key", adminKey: "admin", signingSecret: "signing", rabbitmqPassword: "rabbit-pw", mongodbPassword: "mongo-pw", namespace: "guest" };

export type Options = Omit<Extract<PlatformArgs, { target: "docker" }>, "target">;

/** What is registered since the last `start`, and the build contexts, which are there as long as a test. */
export class Program {
  recorded: Recorded[] = [];
  folder = "";

  /** For each test of a file. */
  static ofEachTest(): Program {
    const program = new Program();
    beforeEach(() => program.prepare());
    afterEach(() => rmSync(program.folder, { recursive: true, force: true }));
    return program;
  }

  private async prepare(): Promise<void> {
    this.folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-contexts-"));
    for (const name of ["controller", "invoker", "runtime-nodejs", "runtime-python"]) this.context(name, `FROM scratch # ${name}`);
    mkdirSync(path.join(this.folder, "runtimes"));
    for (const list of ["manifest.json", "images.json"]) copyFileSync(path.join(runtimesFolder(), list), path.join(this.folder, "runtimes", list));
    await this.start();
  }

  /** A build context with this Dockerfile. */
  context(name: string, dockerfile: string): void {
    mkdirSync(path.join(this.folder, name), { recursive: true });
    writeFileSync(path.join(this.folder, name, "Dockerfile"), dockerfile);
  }

  /** From here on, nothing is there yet. */
  async start(): Promise<void> {
    const recorded: Recorded[] = (this.recorded = []);
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }) => {
          recorded.push({ type, name, inputs });
          const outputs = type.endsWith("PlatformKeys") ? KEYS : type === IMAGE ? { imageId: `sha256:${inputs.name}` } : type === NETWORK ? { ipamConfigs: [{ subnet: "172.30.0.0/16" }] } : {};
          return { id: `${name}-id`, state: { ...inputs, ...outputs, ready: true } };
        },
        call: () => ({}),
      },
      "shop",
      "Trial",
    );
  }

  async make(args: Options = {}): Promise<Platform> {
    const platform = new Platform("main", { target: "docker", ...args, images: { contexts: this.folder, ...args.images } });
    await valueOf(platform.apiHost);
    // Of components, which tell their outputs at last.
    await pulumi.runtime.disconnect(false);
    return platform;
  }

  /** Another one in the place of the one before. */
  async again(args: Options = {}): Promise<Platform> {
    await this.start();
    return this.make(args);
  }

  inputsOf(type: string, name: string): Record<string, unknown> {
    return this.recorded.find((one) => one.type === type && one.name === name)!.inputs;
  }

  names(type: string): string[] {
    return this.recorded.filter((one) => one.type === type).map(({ name }) => name).sort();
  }

  /** Contents of the files that a container gets. */
  uploadsOf(name: string): Record<string, string> {
    const { uploads } = this.inputsOf(CONTAINER, name);
    const list = (Array.isArray(uploads) ? uploads : JSON.parse(JSON.stringify(revealed(uploads)))) as { file: string; content: unknown }[];
    return Object.fromEntries(list.map(({ file, content }) => [file, typeof content === "string" ? content : revealed(content)]));
  }
}

export const valueOf = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

/** What a secret holds, having made sure that it is one. */
export function revealed(value: unknown): string {
  expect(value).toMatchObject({ [SECRET]: expect.any(String) });
  return (value as { value: string }).value;
}

/** As people would see it who may not see secrets. */
export const shown = (value: unknown): string => JSON.stringify(value, (_, part: unknown) => (typeof part === "object" && part !== null && SECRET in part ? "secret" : part));
