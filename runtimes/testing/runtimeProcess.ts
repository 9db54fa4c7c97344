import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { Pool } from "undici";
import type { ProcessCommand } from "../runtimes";

export const MARKER = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX";

export interface Answer {
  status: number;
  /** The parsed body. */
  body: unknown;
}

/** Code as /init takes it. */
export interface Sample {
  code: string;
  main?: string;
  binary?: boolean;
  env?: Record<string, unknown>;
}

export interface StartOptions {
  /** More environment for it. */
  env?: Record<string, string>;
  /** A process of its own stands between the test and the runtime, and takes the signals: killed, it leaves the runtime an orphan. */
  underParent?: boolean;
}

/** A runtime under test. */
export interface RunningRuntime {
  init(sample: Sample): Promise<Answer>;
  /** @param context what the platform sends beside the value: `activation_id` and so on */
  run(value?: unknown, context?: Record<string, unknown>): Promise<Answer>;
  post(path: string, body: string | Buffer, method?: string): Promise<Answer>;
  /** Waits for the logs of so many activations: for each, the text before its marker on stdout and on stderr. */
  logs(activations: number): Promise<{ stdout: string; stderr: string }[]>;
  /** Waits until standard output has the text. */
  printed(text: string): Promise<void>;
  /** Everything on both streams so far. */
  output(): { stdout: string; stderr: string };
  /** The text that announced readiness. */
  ready: string;
  /** Where it keeps its files: its socket and, below it, those of its action. */
  folder: string;
  closeStdin(): void;
  kill(signal: NodeJS.Signals): void;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends it, however it is, and removes its files. */
  stop(): Promise<void>;
}

/** Collects a stream's text and lets callers wait for a condition on it. */
function collect(stream: Readable) {
  let text = "";
  const changed = new Set<() => void>();
  const notify = () => changed.forEach((check) => check());
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    notify();
  });
  stream.on("close", notify);
  return {
    text: () => text,
    until: (condition: (text: string) => boolean, what: string) =>
      new Promise<string>((resolve, reject) => {
        const check = () => {
          const met = condition(text);
          if (!met && !stream.closed) return;
          changed.delete(check);
          if (met) resolve(text);
          else reject(new Error(`The stream ended without ${what}: ${text}`));
        };
        changed.add(check);
        check();
      }),
  };
}

/** What `underParent` runs; the runtime's command is its arguments. */
const PARENT = `
const [command, ...args] = process.argv.slice(1);
require("node:child_process").spawn(command, args, { stdio: ["pipe", "inherit", "inherit", 3] });
require("node:fs").closeSync(3);
`;

/** Starts a runtime on a Unix socket of its own and waits until it listens. */
export async function startProcess(command: ProcessCommand, { env = {}, underParent = false }: StartOptions = {}): Promise<RunningRuntime> {
  const folder = mkdtempSync(join(tmpdir(), "stackwhisk-test-"));
  const socketPath = join(folder, "s");
  const [program = "", ...args] = [...(underParent ? [process.execPath, "-e", PARENT] : []), command.command, ...command.args];
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    env: {
      ...outsideOfStackwhisk(process.env),
      ...command.env,
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
  const client = new Pool("http://runtime", { socketPath, headersTimeout: 0, bodyTimeout: 0 });

  const post = async (path: string, body: string | Buffer, method = "POST"): Promise<Answer> => {
    const answer = await client.request({ path, method: method as "POST", body: method === "GET" ? undefined : body });
    return { status: answer.statusCode, body: await answer.body.json() };
  };
  const marked = (count: number) => (text: string) => text.split(`${MARKER}\n`).length > count;

  return {
    init: ({ code, main = "main", binary = false, env: variables = {} }) =>
      post("/init", JSON.stringify({ value: { name: "sample", main, code, binary, env: variables } })),
    run: (value = {}, context = {}) => post("/run", JSON.stringify({ ...context, value })),
    post,
    logs: async (activations) => {
      const cut = (text: string) => text.split(`${MARKER}\n`);
      const out = cut(await stdout.until(marked(activations), `${activations} markers`));
      const err = cut(await stderr.until(marked(activations), `${activations} markers`));
      return Array.from({ length: activations }, (_, index) => ({ stdout: out[index] ?? "", stderr: err[index] ?? "" }));
    },
    printed: async (text) => void (await stdout.until((all) => all.includes(text), `"${text}"`)),
    output: () => ({ stdout: stdout.text(), stderr: stderr.text() }),
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
