import { execFileSync } from "node:child_process";
import { accessSync, closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const interpreters = new Map<string, string>();

/**
 * The interpreter itself where `python3` is a script in front of it: version managers put one on the path that takes
 * several times as long as Python to start. Asked once for each program.
 */
export function interpreter(program: string): string {
  let known = interpreters.get(program);
  if (known === undefined) {
    known = isScript(program) ? (executableOf(program) ?? program) : program;
    interpreters.set(program, known);
  }
  return known;
}

function isScript(file: string): boolean {
  const start = Buffer.alloc(2);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, start);
  } finally {
    closeSync(descriptor);
  }
  return start.toString("latin1") === "#!";
}

function executableOf(python: string): string | undefined {
  try {
    const answer = execFileSync(python, ["-c", "import sys; sys.stdout.write(sys.executable)"], { encoding: "utf8", timeout: 10_000, stdio: ["ignore", "pipe", "ignore"] });
    return isExecutable(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

const found = new Map<string, string>();

/** The first executable file of that name on the path. What was found is kept; what was not may be installed later. */
export function findProgram(name: string, path: string): string | undefined {
  const key = `${name}\0${path}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  const program = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (program !== undefined) found.set(key, program);
  return program;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
