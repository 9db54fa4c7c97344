import express from "express";
import type { Server } from "node:http";
import { messageOf } from "../core/errors";
import { listen } from "./server";
import { version } from "./version";

export interface AdminOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  instance: string;
  role: string;
  /** What the process needs to do its work, by name: rejects with what is wrong with it. */
  checks: Record<string, () => Promise<void> | void>;
  /** False while it takes no more work. */
  isDraining(): boolean;
  metrics: { contentType: string; metrics(): Promise<string> };
}

/**
 * For whoever looks after the process, not for its users: `/health` says that it lives, `/ready` whether it can do its work
 * now, `/metrics` is Prometheus'.
 */
export async function serveAdmin(options: AdminOptions): Promise<{ server: Server; url: string }> {
  const { host, port, instance, role, checks, isDraining, metrics } = options;
  const app = express();
  app.disable("x-powered-by");
  const identity = { role, instance, pid: process.pid, version };
  app.get("/health", (_request, response) => void response.json({ status: "ok", ...identity }));
  app.get("/ready", async (_request, response) => {
    const problems = await problemsOf(checks);
    const status = isDraining() ? "draining" : Object.keys(problems).length > 0 ? "not ready" : "ready";
    response.status(status === "ready" ? 200 : 503).json({ status, ...identity, problems });
  });
  app.get("/metrics", async (_request, response) => void response.type(metrics.contentType).send(await metrics.metrics()));
  const served = await listen(app, host, port, true);
  return { server: served.server, url: `http://${host.includes(":") ? `[${host}]` : host}:${served.port}` };
}

async function problemsOf(checks: AdminOptions["checks"]): Promise<Record<string, string>> {
  const problems: Record<string, string> = {};
  await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await check();
      } catch (error) {
        problems[name] = messageOf(error);
      }
    }),
  );
  return problems;
}
