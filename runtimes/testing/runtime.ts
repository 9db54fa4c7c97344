import type { Readable } from "node:stream";
import { Pool } from "undici";

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
  /** Runs that will come at a time. */
  concurrency?: number;
}

export interface StartOptions {
  /** More environment for it. */
  env?: Record<string, string>;
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
  /** A folder of the test machine that its action sees under the same path. */
  folder: string;
  kill(signal: NodeJS.Signals): void;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends it, however it is, and removes its files. */
  stop(): Promise<void>;
}


/** The streams of a runtime, as far as they have been read. */
export type Collected = ReturnType<typeof collect>;

/** Collects a stream's text and lets callers wait for a condition on it. */
export function collect(stream: Readable) {
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

/** What tests do with a runtime, over HTTP and on its streams. */
export function talkTo(client: Pool, stdout: Collected, stderr: Collected): Pick<RunningRuntime, "init" | "run" | "post" | "logs" | "printed" | "output"> {
  const post = async (path: string, body: string | Buffer, method = "POST"): Promise<Answer> => {
    const answer = await client.request({ path, method: method as "POST", body: method === "GET" ? undefined : body });
    return { status: answer.statusCode, body: await answer.body.json() };
  };
  const marked = (count: number) => (text: string) => text.split(`${MARKER}\n`).length > count;
  return {
    init: ({ code, main = "main", binary = false, env: variables = {}, concurrency }) =>
      post("/init", JSON.stringify({ value: { name: "sample", main, code, binary, env: variables, concurrency } })),
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
  };
}

/** A client that waits for as long as the test does. */
export function clientOf(where: { socketPath: string } | { port: number }): Pool {
  const limits = { headersTimeout: 0, bodyTimeout: 0 };
  return "port" in where ? new Pool(`http://127.0.0.1:${where.port}`, limits) : new Pool("http://runtime", { ...limits, ...where });
}
