import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import express from "express";
import { Client } from "undici";
import { processCommand } from "../../runtimes/runtimes";
import { until } from "../support/until";
import { disposedOf } from "./cleanup";

/**
 * The floor that speed is compared with: a bare Express handler that forwards the body with undici, round robin,
 * to runtime processes of the same kind as the platform's. No keys, no records, no logs.
 */
export async function serveFloor(root: string, runtimes: number, code: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "swf-"));
  const started = await Promise.all(Array.from({ length: runtimes }, (_, index) => startRuntime(root, path.join(folder, `${index}.sock`), code)));
  const app = express();
  app.disable("x-powered-by");
  let next = 0;
  app.post("/run", express.text({ type: () => true }), async (request, response) => {
    const { client } = started[next++ % started.length]!;
    const answer = await client.request({
      method: "POST",
      path: "/run",
      headers: { "content-type": "application/json" },
      body: `{"value":${String(request.body)}}`,
    });
    response.type("json").send(await answer.body.text());
  });
  const server = app.listen(0, "127.0.0.1", () => {
    const address = server.address();
    process.stdout.write(`${JSON.stringify(address)}\n`);
  });
  process.once("SIGTERM", () => {
    for (const { child } of started) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
}

async function startRuntime(root: string, socketPath: string, code: string): Promise<{ child: ChildProcess; client: Client }> {
  const command = processCommand("nodejs:default", root);
  if ("missing" in command) throw new Error(command.missing);
  const child = spawn(command.command, command.args, {
    env: { PATH: process.env.PATH, ...command.env, STACKWHISK_SOCKET: socketPath, STACKWHISK_PARENT: "stdin" },
    stdio: ["pipe", "ignore", "ignore"],
  });
  const client = new Client("http://runtime", { socketPath, pipelining: 1 });
  const value = { name: "floor", main: "main", code, binary: false };
  await until("a runtime of the floor answers", async () => {
    const answer = await client.request({ method: "POST", path: "/init", headers: { "content-type": "application/json" }, body: JSON.stringify({ value }) }).catch(() => undefined);
    await answer?.body.text();
    return answer?.statusCode === 200;
  });
  return { child, client };
}

/** The floor as a process of its own, as the platform is one. */
export async function startFloor(program: string, runtimes: number, code: string): Promise<{ origin: string; pid: number; dispose(): Promise<void> }> {
  const child = spawn(process.execPath, [program, "serve-floor", String(runtimes), code], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("exit", (status) => reject(new Error(`the floor ended with ${status}`)));
    child.stdout.once("data", (chunk: Buffer) => resolve((JSON.parse(chunk.toString()) as { port: number }).port));
  });
  const dispose = () =>
    new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once("exit", () => resolve());
      child.kill("SIGTERM");
    });
  return disposedOf({ origin: `http://127.0.0.1:${port}`, pid: child.pid!, dispose });
}
