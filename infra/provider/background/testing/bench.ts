import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { OperationContext, Properties, State } from "../../resource";
import { DataDir } from "../dataDir";
import { askHealth, type Health } from "../endpoint";
import { belongsTo } from "../find";
import { ClusterPlatformHandler } from "../../cluster/handler";
import { LocalPlatformHandler } from "../../local/handler";
import { hasEnded, kill } from "../processes";
import { until } from "../wait";

export type Behaviour = "good" | "silent" | "stubborn" | "crash" | "homeless";

/** What each kind of platform is made of. */
const KINDS = {
  LocalPlatform: { handler: LocalPlatformHandler, programs: ["standalone.mjs"] },
  ClusterPlatform: { handler: ClusterPlatformHandler, programs: ["cluster.mjs", "controller.js", "invoker.js"] },
} as const;
type Kind = keyof typeof KINDS;

const FAKE_PLATFORM = pathToFileURL(path.join(__dirname, "fakePlatform.mts")).href;
const urnOf = (kind: Kind) => `urn:pulumi:trial::shop::stackwhisk:platform:Platform$stackwhisk:index:${kind}::platform`;

/** A project's folder of its own, a free port, and the handler with a fake program behind it. */
export class Bench {
  readonly directory = realpathSync(mkdtempSync(path.join(tmpdir(), "stackwhisk-local-")));
  readonly program: string;
  readonly messages: string[] = [];
  readonly cancel = new AbortController();
  readonly handler: LocalPlatformHandler | ClusterPlatformHandler;
  readonly #dirs: DataDir[] = [];

  private constructor(
    readonly port: number,
    private readonly kind: Kind,
    private readonly given: Properties,
  ) {
    const { handler: Handler, programs } = KINDS[kind];
    for (const program of programs) this.write(program, "");
    this.program = path.join(this.directory, programs[0]);
    this.build("good");
    this.handler = new Handler({ program: this.program, drainLimit: 300 });
  }

  /** @param given inputs that all tests give */
  static async make(kind: Kind = "LocalPlatform", given: Properties = {}): Promise<Bench> {
    return new Bench(await freePort(), kind, given);
  }

  /** Writes a file into the project's folder. */
  write(name: string, text: string): void {
    writeFileSync(path.join(this.directory, name), text);
  }

  /** Replaces the platform's program by another build. */
  build(behaviour: Behaviour): void {
    this.write(path.basename(this.program), `globalThis.FAKE = ${JSON.stringify(behaviour)};\nawait import(${JSON.stringify(FAKE_PLATFORM)});\n`);
  }

  get context(): OperationContext {
    return { urn: urnOf(this.kind), directory: this.directory, timeout: 0, signal: this.cancel.signal, log: (message) => void this.messages.push(message) };
  }

  checkContext(urn = urnOf(this.kind)) {
    return { urn, name: "platform", directory: this.directory, randomSeed: new Uint8Array() };
  }

  dir(dataDir = ".stackwhisk/trial"): DataDir {
    const dir = new DataDir(this.directory, dataDir);
    this.#dirs.push(dir);
    return dir;
  }

  /** Checked inputs; those that are wrong fail the test. */
  async inputs(inputs: Properties = {}, old?: State): Promise<Properties> {
    const checked = await this.handler.check({ port: this.port, ...this.given, ...inputs }, old?.inputs, this.checkContext());
    expect(checked.failures).toEqual([]);
    this.dir(String(checked.inputs.dataDir));
    return checked.inputs;
  }

  async create(given: Properties = {}): Promise<State> {
    const inputs = await this.inputs(given);
    return { ...(await this.handler.create(inputs, this.context)), inputs };
  }

  async update(old: State, given: Properties = {}): Promise<State> {
    const inputs = await this.inputs(given, old);
    return { id: old.id, inputs, outputs: await this.handler.update(old, inputs, this.context) };
  }

  async diff(old: State, given: Properties = {}) {
    return this.handler.diff(old, await this.inputs(given, old), this.checkContext());
  }

  /** Who serves at the port, if anybody does. */
  health(port = this.port): Promise<Health | undefined> {
    return askHealth({ host: "127.0.0.1", port }, 5000);
  }

  /** As after a power cut. */
  async killPlatform(): Promise<void> {
    const pid = (await this.health())!.pid;
    kill(pid);
    await until(async () => ((await hasEnded(pid)) ? true : undefined), 5000, this.cancel.signal);
  }

  /** Ends what still runs, and removes everything. */
  async clean(): Promise<void> {
    for (const dir of this.#dirs) {
      const pid = dir.pid();
      if (pid !== undefined && (await belongsTo(pid, dir))) kill(pid);
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
