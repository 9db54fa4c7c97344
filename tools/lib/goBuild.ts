import path from "node:path";
import { capture, lastLines } from "./exec";
import { onPath } from "./onPath";
import { isAtLeast, parseVersion } from "./version";

/** A program that is built from a Go module. */
export interface GoProgram {
  /** Of its file. */
  name: string;
  version: string;
  package: string;
  ldflags: string;
  /** Build tags. */
  tags?: string;
  /** Of a build with nothing in Go's cache. */
  packages: number;
}

const REPORT_MS = 5_000;

/** Why programs cannot be built here, or undefined if it can be tried. @param oldest version of Go that will do */
export async function whyNoGo(env: NodeJS.ProcessEnv, oldest: string): Promise<string | undefined> {
  const go = onPath("go", env)[0];
  if (!go) return "Go is not installed";
  const { stdout } = await capture(go, ["env", "GOVERSION", "GOTOOLCHAIN"], { env });
  const [version = "", toolchain = ""] = stdout.trim().split("\n");
  return goProblem(version, toolchain, oldest);
}

/** A Go of 1.21 or newer gets itself the version that go.mod asks for, unless it was told to stay what it is. */
export function goProblem(version: string, toolchain: string, oldest: string): string | undefined {
  if (isAtLeast(version, oldest)) return undefined;
  if (isAtLeast(version, "1.21.0") && /auto|\+path/.test(toolchain)) return undefined;
  return `Go ${parseVersion(version)?.join(".") ?? "of an unknown version"} is too old (${oldest} or newer is needed)`;
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
 * Builds a program with the versions that a module's go.sum pins.
 *
 * @param module folder of its go.mod
 * @param into existing folder for the program
 * @throws Error with the end of Go's output
 */
export async function buildGoProgram(program: GoProgram, module: string, into: string, env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<void> {
  const started = performance.now();
  const progress = new BuildProgress(program.name, program.packages);
  tell(`  building ${program.name} v${program.version} with Go …`);
  const report = setInterval(() => tell(progress.line(performance.now() - started)), REPORT_MS);
  try {
    // -mod=readonly: go.mod and go.sum are followed, never changed.
    const options = ["-v", "-mod=readonly", "-trimpath", "-buildvcs=false", "-tags", program.tags ?? "", "-ldflags", program.ldflags];
    const args = ["build", ...options, "-o", path.join(into, program.name), program.package];
    const { code, stderr } = await go(args, module, env, (line) => progress.see(line));
    if (code !== 0) throw new Error(`building ${program.name} with Go failed:\n${indent(lastLines(stderr))}`);
  } finally {
    clearInterval(report);
  }
  tell(`  ${program.name} built in ${duration(performance.now() - started)}`);
}

/** Runs Go in a module's folder. Without cgo no C compiler is needed. */
export function go(args: readonly string[], module: string, env: NodeJS.ProcessEnv, onLine?: (line: string) => void): ReturnType<typeof capture> {
  return capture(onPath("go", env)[0]!, args, { cwd: module, env: { ...env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" }, onLine });
}

const indent = (text: string): string => text.replace(/^/gm, "    ");
