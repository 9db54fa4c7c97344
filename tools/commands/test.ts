import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ToolError } from "../lib/errors";
import { foreground } from "../lib/foreground";
import { ROOT } from "../lib/paths";
import { print, say } from "../lib/say";
import { cliVariables } from "../pulumi/environment";
import { ensureToolchain } from "../pulumi/toolchain";
import { ensureFerretDb } from "../testServers/ferretdb";

/** What is read of jest's `--json` result. */
export interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that could not be run at all. */
  numRuntimeErrorTestSuites: number;
}

/** The last line of a test run. A file that could not be run counts as a failed test. */
export function summary(result: JestResult): { line: string; failed: number } {
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const skipped = result.numPendingTests + result.numTodoTests;
  return { line: `${result.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`, failed };
}

/**
 * What was left out for lack of something on this machine, for people.
 *
 * @param lines `<reason>\t<what was left out>`, as test/support/leftOut.ts notes them down
 */
export function leftOutSummary(lines: string): string[] {
  const byReason = new Map<string, string[]>();
  for (const line of lines.split("\n")) {
    const [reason, what] = line.split("\t");
    if (reason && what) byReason.set(reason, [...(byReason.get(reason) ?? []), what]);
  }
  return [...byReason].map(([reason, whats]) => `Left out: ${whats.sort().join("; ")}. ${reason}`);
}

/** Separates our flag from jest's arguments. */
export function parseTestArguments(args: readonly string[]): { full: boolean; jest: string[] } {
  return { full: args.includes("--full"), jest: args.filter((arg) => arg !== "--full") };
}

/** Runs the tests; arguments other than `--full` are jest's (a file, a pattern, `-t <name>`). */
export async function test(args: readonly string[]): Promise<number> {
  const { full, jest } = parseTestArguments(args);
  await prepareFerretDb();
  return runJest(jest, { ...(await testEnvironment()), ...(full ? { STACKWHISK_TEST_TIER: "full" } : {}) });
}

/** Tells when there is none. */
export async function prepareFerretDb(): Promise<void> {
  const noFerretDb = await ensureFerretDb(process.env);
  if (noFerretDb) say(`There is no FerretDB for the tests: ${noFerretDb}.`);
}

/**
 * Runs jest and tells in a last line how it went, and what was left out.
 *
 * @returns an exit code
 */
export async function runJest(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "stackwhisk-test-"));
  try {
    const resultFile = path.join(folder, "result.json");
    const leftOutFile = path.join(folder, "left-out");
    const program = path.join(ROOT, "node_modules", "jest", "bin", "jest.js");
    // What a failed test leaves behind must not keep the run from ending; the result is written by then.
    const { code, interrupted } = await foreground(process.execPath, [program, "--forceExit", "--json", `--outputFile=${resultFile}`, ...args], {
      cwd: ROOT,
      env: { ...env, STACKWHISK_TEST_LEFT_OUT: leftOutFile },
      // Tests must not read the keyboard. With --json jest prints its progress on stderr.
      terminal: false,
    });
    const result = existsSync(resultFile) ? (JSON.parse(readFileSync(resultFile, "utf8")) as JestResult) : undefined;
    if (!result) say(interrupted ? "The tests were interrupted." : `jest ended with code ${code} and without a result: its message stands above.`);
    if (existsSync(leftOutFile)) leftOutSummary(readFileSync(leftOutFile, "utf8")).forEach(say);
    const { line, failed } = result ? summary(result) : { line: "0 passed, 1 failed", failed: 1 };
    print(line);
    return interrupted ? 130 : code || (failed > 0 ? 1 : 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests of the Pulumi side use the CLI. Where there is none to be had, they fail and the others can still run. */
async function testEnvironment(): Promise<NodeJS.ProcessEnv> {
  try {
    const toolchain = await ensureToolchain(process.env);
    return cliVariables(process.env, { own: false, home: "", toolchain, node: process.execPath });
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    say(`${error.message}\nThe tests run without it; those that need it will fail.`);
    return process.env;
  }
}
