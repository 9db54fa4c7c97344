import express from "express";
import type { Server } from "node:http";
import { messageOf } from "../core/errors";
import { listen } from "./server";
import { version } from "./version";

/** Of a process's life: it takes work only while it serves. */
export type Phase = "starting" | "serving" | "draining";

export interface AdminOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  instance: string;
  role: string;
  /** What the process needs to do its work, by name: rejects with what is wrong with it. */
  checks: Record<string, () => Promise<void> | void>;
  phase(): Phase;
  metrics: { readonly contentType: string; metrics(): Promise<string> };
}

/** How long what is needed may take to answer: whoever asks for readiness does not wait long. Milliseconds. */
const CHECK_LIMIT = 1_000;

/**
 * For whoever looks after the process, not for its users: `/health` says that it lives, `/ready` whether it can do its work
 * now, `/metrics` is Prometheus'.
 */
export async function serveAdmin(options: AdminOptions): Promise<{ server: Server; url: string }> {
  const { host, port, instance, role, checks, phase, metrics } = options;
  const app = express();
  app.disable("x-powered-by");
  const identity = { role, instance, pid: process.pid, version };
  app.get("/health", (_request, response) => void response.json({ status: "ok", ...identity }));
  app.get("/ready", async (_request, response) => {
    const problems = await problemsOf(checks);
    const status = phase() !== "serving" ? phase() : Object.keys(problems).length > 0 ? "not ready" : "ready";
    response.status(status === "ready" ? 200 : 503).json({ status, ...identity, problems });
  });
  app.get("/metrics", async (_request, response) => void response.type(metrics.contentType).send(await metrics.metrics()));
  const served = await listen(app, host, port, { own: true, setting: "adminPort" });
  return { server: served.server, url: `http://${host.includes(":") ? `[${host}]` : host}:${served.port}` };
}

async function problemsOf(checks: AdminOptions["checks"]): Promise<Record<string, string>> {
  const problems: Record<string, string> = {};
  await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await inTime(check);
      } catch (error) {
        problems[name] = messageOf(error);
      }
    }),
  );
  return problems;
}

/** A check may also fail before it returns anything. */
async function inTime(check: () => Promise<void> | void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => (timer = setTimeout(() => resolve(`no answer within ${CHECK_LIMIT} ms`), CHECK_LIMIT)));
  try {
    const problem = await Promise.race([check(), late]);
    if (problem !== undefined) throw new Error(problem);
  } finally {
    clearTimeout(timer);
  }
}
