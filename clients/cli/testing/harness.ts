import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import type { Io } from "../context";
import { auth, FakePlatform } from "./fake-platform";

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** A folder to work in, a platform, and the CLI as users get it: bundled, with its real option parser and HTTP client. */
export interface Bench {
  platform: FakePlatform;
  /** Both the home and the working folder. */
  folder: string;
  /** Where the bundle of `main.ts` is, to be started as a process. */
  program: string;
  /** Runs a command line in this process, with the platform configured by the environment. */
  whisk(...argv: string[]): Promise<Ran>;
  whiskWith(io: Partial<Io>, ...argv: string[]): Promise<Ran>;
}

type Run = (argv: readonly string[], io: Io) => Promise<number>;

/** Makes a bench for the tests of one file. Commander is an ES module, which jest cannot load: hence the bundle. */
export function useBench(): Bench {
  const bench = {} as Bench;
  let run: Run;

  beforeAll(async () => {
    bench.folder = mkdtempSync(path.join(tmpdir(), "whisk-cli-"));
    const dist = mkdtempSync(path.join(tmpdir(), "whisk-bundle-"));
    const root = path.resolve(__dirname, "..");
    const entryPoints = [path.join(root, "run.ts"), path.join(root, "main.ts")];
    await build({
      entryPoints,
      outdir: dist,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node22",
      outExtension: { ".js": ".cjs" },
    });
    bench.program = path.join(dist, "main.cjs");
    ({ run } = require(path.join(dist, "run.cjs")) as { run: Run });
    bench.platform = await new FakePlatform().start();
  });
  beforeEach(() => {
    bench.platform.seen.length = 0;
    bench.platform.entities.clear();
    bench.platform.answers.clear();
    bench.platform.activations = [];
  });
  afterAll(async () => {
    await bench.platform.stop();
    for (const folder of [bench.folder, path.dirname(bench.program)]) rmSync(folder, { recursive: true, force: true });
  });

  bench.whisk = (...argv) => bench.whiskWith({}, ...argv);
  bench.whiskWith = async (io, ...argv) => {
    const stdout = new Sink();
    const stderr = new Sink();
    const env = { WHISK_APIHOST: bench.platform.url, WHISK_AUTH: auth };
    const code = await run(argv, { env, home: bench.folder, cwd: bench.folder, stdout, stderr, ...io });
    return { code, stdout: stdout.text, stderr: stderr.text };
  };
  return bench;
}

/** Keeps what is written. */
export class Sink {
  text = "";
  isTTY = false;
  write(text: string): void {
    this.text += text;
  }
}
