import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { ProcessCommand } from "../runtimes";
import { clientOf, collect, type RunningRuntime, type StartOptions, talkTo } from "./runtime";

export interface ProcessOptions extends StartOptions {
  /** A process of its own stands between the test and the runtime, and takes the signals: killed, it leaves the runtime an orphan. */
  underParent?: boolean;
}

/** A runtime that is a process of this machine. */
export interface RuntimeProcess extends RunningRuntime {
  /** The text that announced readiness. */
  ready: string;
  closeStdin(): void;
}

/** What `underParent` runs; the runtime's command is its arguments. */
const PARENT = `
const [command, ...args] = process.argv.slice(1);
require("node:child_process").spawn(command, args, { stdio: ["pipe", "inherit", "inherit", 3] });
require("node:fs").closeSync(3);
`;

/** Starts a runtime on a Unix socket of its own and waits until it listens. */
export async function startProcess(command: ProcessCommand, { env = {}, underParent = false }: ProcessOptions = {}): Promise<RuntimeProcess> {
  const prepared = await command.prepare?.();
  const folder = mkdtempSync(join(tmpdir(), "stackwhisk-test-"));
  const socketPath = join(folder, "s");
  const [program = "", ...args] = [...(underParent ? [process.execPath, "-e", PARENT] : []), command.command, ...command.args];
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    env: {
      ...outsideOfStackwhisk(process.env),
      ...command.env,
      ...prepared,
      TMPDIR: folder,
      STACKWHISK_SOCKET: socketPath,
      STACKWHISK_READY_FD: "3",
      STACKWHISK_PARENT: "stdin",
      ...env,
    },
  });
  const [stdin, stdoutStream, stderrStream, readyStream] = child.stdio as unknown as [NodeJS.WritableStream, Readable, Readable, Readable];
  stdin.on("error", () => undefined);
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  const [stdout, stderr] = [collect(stdoutStream), collect(stderrStream)];
  const ready = await collect(readyStream).until((text) => text.endsWith("\n"), "saying that it is ready");
  const client = clientOf({ socketPath });
  return {
    ...talkTo(client, stdout, stderr),
    ready,
    folder,
    closeStdin: () => stdin.end(),
    kill: (signal) => void child.kill(signal),
    exited,
    stop: async () => {
      child.kill("SIGKILL");
      await exited;
      await client.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until a process is gone. */
export async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The environment without the settings of the test run: a runtime's own must be the test's alone. */
function outsideOfStackwhisk(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("STACKWHISK_")));
}
