import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Client } from "./client";

/** Leaves a file for each time that the code ran, named after the activation; fails in so many of one runs. In a container it asks for that. */
const CODE = `const fs = require("node:fs");
const http = require("node:http");
const told = (url) => new Promise((resolve, reject) => http.request(url, { method: "POST" }, (answer) => answer.resume().on("end", resolve)).on("error", reject).end());
exports.main = async ({ folder, url, pause, failing = 0 }) => {
  const id = process.env.__OW_ACTIVATION_ID;
  if (url) await told(url + "/" + id);
  else fs.writeFileSync(folder + "/" + id + "." + process.hrtime.bigint(), "");
  await new Promise((done) => setTimeout(done, pause));
  return Math.random() < failing ? { error: "as it was told to" } : { id };
};`;

/** An action `trace` that leaves a trace of each run of its code, outside of the platform. */
export class Trace {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-trace-"));
  private server?: Server;

  /** For actions in containers, which reach this machine at that address. */
  static async reachedAt(address: string): Promise<Trace> {
    const trace = new Trace();
    const server = createServer((request, response) => {
      writeFileSync(path.join(trace.folder, `${request.url!.slice(1)}.${process.hrtime.bigint()}`), "");
      response.end();
    });
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, address, resolve));
    trace.server = server;
    return trace;
  }

  /** @param pause milliseconds that a run takes. @param more properties of the action */
  deploy(client: Client, pause = 20, more: Record<string, unknown> = {}): Promise<void> {
    return this.put(client, "trace", { pause }, more);
  }

  /** Another action, which fails in a part of its runs. @param failing from 0 to 1 */
  deployFailing(client: Client, name: string, failing: number, more: Record<string, unknown> = {}): Promise<void> {
    return this.put(client, name, { pause: 20, failing }, more);
  }

  /** How often the code ran, by activation id. */
  runs(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const file of readdirSync(this.folder)) {
      const id = file.split(".")[0]!;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  /** Activations whose code ran more than once: too often, unless they were tried again. */
  doubled(): string[] {
    return [...this.runs()].filter(([, count]) => count > 1).map(([id]) => id);
  }

  dispose(): void {
    this.server?.close();
    this.server?.closeAllConnections();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get place(): Record<string, string> {
    if (!this.server) return { folder: this.folder };
    const { address, port } = this.server.address() as AddressInfo;
    return { url: `http://${address}:${port}` };
  }

  private put(client: Client, name: string, parameters: Record<string, unknown>, more: Record<string, unknown>): Promise<void> {
    return client.putAction(name, CODE, { parameters: Object.entries({ ...this.place, ...parameters }).map(([key, value]) => ({ key, value })), ...more });
  }
}
