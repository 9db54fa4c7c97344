import path from "node:path";
import { capture, lastLines } from "../lib/exec";
import { isAtLeast, parseVersion } from "../lib/version";
import { onPath } from "./locate";
import { LANGUAGE_HOST, LANGUAGE_HOST_VERSION, OLDEST_GO, PULUMI, PULUMI_VERSION } from "./versions";

interface Program {
  name: string;
  version: string;
  package: string;
  /** Folder of its module below tools/pulumi: the two cannot share one, they need different versions of the SDK. */
  module: string;
  ldflags: string;
  /** Of a build with nothing in Go's cache. */
  packages: number;
}

const PROGRAMS: Program[] = [
  {
    name: PULUMI,
    version: PULUMI_VERSION,
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    module: ".",
    ldflags: `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PULUMI_VERSION}`,
    packages: 1_800,
  },
  {
    name: LANGUAGE_HOST,
    version: LANGUAGE_HOST_VERSION,
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    module: "language-nodejs",
    ldflags: "-s -w",
    packages: 600,
  },
];

const REPORT_MS = 5_000;

/** Why the programs cannot be built here, or undefined if they can be tried. */
export async function whyNoGo(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const go = onPath("go", env)[0];
  if (!go) return "Go is not installed";
  const { stdout } = await capture(go, ["env", "GOVERSION", "GOTOOLCHAIN"], { env });
  const [version = "", toolchain = ""] = stdout.trim().split("\n");
  return goProblem(version, toolchain);
}

/** A Go of 1.21 or newer gets itself the version that go.mod asks for, unless it was told to stay what it is. */
export function goProblem(version: string, toolchain: string): string | undefined {
  if (isAtLeast(version, OLDEST_GO)) return undefined;
  if (isAtLeast(version, "1.21.0") && /auto|\+path/.test(toolchain)) return undefined;
  return `Go ${parseVersion(version)?.join(".") ?? "of an unknown version"} is too old (${OLDEST_GO} or newer is needed)`;
}

/** What to show of a build under way: Go's own output is one line for each module fetched or package compiled. */
export class BuildProgress {
  private downloaded = 0;
  private compiled = 0;

  constructor(
    private readonly name: string,
    private readonly packages: number,
  ) {}

  see(line: string): void {
    if (line.startsWith("go: downloading ")) this.downloaded += 1;
    else if (/^[\w.-]+(\/[^\s:]+)*$/.test(line)) this.compiled += 1;
  }

  /** @param elapsed milliseconds */
  line(elapsed: number): string {
    const parts = [
      this.downloaded > 0 && `${this.downloaded} modules downloaded`,
      this.compiled > 0 && `${this.compiled} packages compiled (up to ${this.packages})`,
    ].filter(Boolean);
    return `  ${this.name}: ${duration(elapsed)}, ${parts.join(", ") || "looking up what is needed"}`;
  }
}

export function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
}

/**
 * Builds Pulumi's CLI and its Node language host from the Go modules that tools/pulumi/go.sum pins.
 *
 * @param modules folder of go.mod, tools/pulumi
 * @param into existing folder for the programs
 * @throws Error with the end of Go's output
 */
export async function buildWithGo(modules: string, into: string, env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<void> {
  for (const program of PROGRAMS) {
    const started = performance.now();
    const progress = new BuildProgress(program.name, program.packages);
    tell(`  building ${program.name} v${program.version} with Go …`);
    const report = setInterval(() => tell(progress.line(performance.now() - started)), REPORT_MS);
    try {
      // Without cgo no C compiler is needed. -mod=readonly: go.mod and go.sum are followed, never changed.
      const args = ["build", "-v", "-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", program.ldflags, "-o", path.join(into, program.name), program.package];
      const options = { cwd: path.join(modules, program.module), env: { ...env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" }, onLine: (line: string) => progress.see(line) };
      const { code, stderr } = await capture(onPath("go", env)[0]!, args, options);
      if (code !== 0) throw new Error(`building ${program.name} with Go failed:\n${indent(lastLines(stderr))}`);
    } finally {
      clearInterval(report);
    }
    tell(`  ${program.name} built in ${duration(performance.now() - started)}`);
  }
}

const indent = (text: string): string => text.replace(/^/gm, "    ");
