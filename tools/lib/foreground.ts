import { spawn } from "node:child_process";
import { exitCode } from "./exec";

/** Signals that come closer together are one: npm passes on the Ctrl-C that the terminal has sent to everyone already. */
const ONE_PRESS_MS = 1_000;

/** Lets the first of several signals through, and again one that comes a good while later. */
export function oncePerPress(now: () => number): () => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const passes = now() - last > ONE_PRESS_MS;
    if (passes) last = now();
    return passes;
  };
}

export interface Foreground {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Whether a person sits at a terminal that the program may use; by default found out. */
  terminal?: boolean;
  /** Whether it may read what is piped in. */
  input?: boolean;
}

let active = 0;

/** Whether a program runs in the foreground, so that a signal is its matter. */
export const isInForeground = (): boolean => active > 0;

/**
 * Runs a program in the foreground: it prints where we print. Of each interruption it gets exactly one SIGINT,
 * because a second one means "at once, whatever is lost" to Pulumi.
 *
 * On a terminal the terminal sends it. Otherwise the program gets a process group of its own, so that a signal
 * to ours reaches it only through us.
 *
 * @returns exit code, and whether it was interrupted
 */
export function foreground(command: string, args: readonly string[], options: Foreground = {}): Promise<{ code: number; interrupted: boolean }> {
  const terminal = options.terminal ?? isTerminal();
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: [terminal || options.input ? "inherit" : "ignore", "inherit", "inherit"],
      detached: !terminal,
    });
    let interrupted = false;
    const passes = oncePerPress(() => performance.now());
    const onSignal = (signal: NodeJS.Signals): void => {
      interrupted = true;
      if (signal === "SIGINT" && terminal) return;
      if (passes()) child.kill("SIGINT");
    };
    const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, onSignal);
    active += 1;
    const done = (code: number): void => {
      active -= 1;
      for (const signal of signals) process.off(signal, onSignal);
      resolve({ code, interrupted });
    };
    child.on("error", () => done(127));
    child.on("close", (code, signal) => done(exitCode(code, signal)));
  });
}

export const isTerminal = (): boolean => Boolean(process.stdin.isTTY && process.stdout.isTTY);
