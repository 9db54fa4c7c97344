import { spawn, type ChildProcess } from "node:child_process";

export interface Options {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Gets each line of stdout and stderr as it comes. */
  onLine?: (line: string) => void;
}

export interface Result {
  /** Exit code; 127 if the program could not be started, 128 + n after signal n. */
  code: number;
  stdout: string;
  stderr: string;
}

const SIGNAL_NUMBERS: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

export const exitCode = (code: number | null, signal: NodeJS.Signals | null): number => code ?? 128 + ((signal && SIGNAL_NUMBERS[signal]) ?? 0);

const running = new Set<ChildProcess>();

/** Ends the programs that `capture` has started: what ends this process must not leave them working. */
export const stopCaptured = (): void => running.forEach((child) => child.kill("SIGTERM"));

/** Runs a program without input to its end and returns what it printed. Never throws: see `code`. */
export function capture(command: string, args: readonly string[], { cwd, env, onLine }: Options = {}): Promise<Result> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    const done = (result: Result): void => {
      running.delete(child);
      resolve(result);
    };
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      let rest = "";
      child[name].setEncoding("utf8").on("data", (chunk: string) => {
        text[name] += chunk;
        if (!onLine) return;
        const lines = (rest + chunk).split("\n");
        rest = lines.pop()!;
        lines.forEach(onLine);
      });
      child[name].on("end", () => rest && onLine?.(rest));
    }
    child.on("error", (error) => done({ ...text, code: 127, stderr: `${text.stderr}${error.message}\n` }));
    child.on("close", (code, signal) => done({ ...text, code: exitCode(code, signal) }));
  });
}

/** The last lines of what a program said that are worth showing. */
export function lastLines(text: string, count = 12): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-count).join("\n");
}
