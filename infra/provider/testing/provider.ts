/** The real executable of the provider, on a fresh bundle of its sources, and a client that speaks the engine's protocol. */
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { credentials, type handleUnaryCall } from "@grpc/grpc-js";
import { ResourceProviderClient, type IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { bundleProgram, ROOT } from "./bundle";

/** A folder laid out like a checkout in which the provider has just been built. */
export async function installProvider(): Promise<{ executable: string; remove(): void }> {
  const folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-provider-"));
  const executable = "infra/provider/bin/pulumi-resource-stackwhisk";
  mkdirSync(path.join(folder, path.dirname(executable)), { recursive: true });
  cpSync(path.join(ROOT, executable), path.join(folder, executable));
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  await bundleProgram("infra/provider/main.ts", path.join(folder, "dist/provider/main.js"));
  return { executable: path.join(folder, executable), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface RunningProvider {
  process: ChildProcess;
  client: Calls;
  port: number;
  /** Milliseconds from the start until the port was printed. */
  startedIn: number;
  stop(): Promise<void>;
}

export async function startProvider(executable: string, directory: string, environment: NodeJS.ProcessEnv = {}): Promise<RunningProvider> {
  const { WHISK_APIHOST: _host, WHISK_AUTH: _auth, ...inherited } = process.env;
  const begin = performance.now();
  const child = spawn(executable, [], { cwd: directory, env: { ...inherited, WSK_CONFIG_FILE: "/none", ...environment }, stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stdout).once("line", (line) => resolve(Number(line)));
    child.once("exit", (code) => reject(new Error(`the provider ended with ${code} before it printed a port`)));
  });
  const startedIn = performance.now() - begin;
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const stop = async () => {
    client.close();
    child.kill();
    await exited;
  };
  return { process: child, client: callsOf(client), port, startedIn, stop };
}

const CALLS = [
  "handshake",
  "attach",
  "getPluginInfo",
  "getSchema",
  "checkConfig",
  "diffConfig",
  "configure",
  "invoke",
  "check",
  "diff",
  "create",
  "read",
  "update",
  "delete",
  "cancel",
] as const;

/** The calls of the engine, as promises. */
export type Calls = {
  [Name in (typeof CALLS)[number]]: IResourceProviderServer[Name] extends handleUnaryCall<infer Request, infer Response> ? (request: Request) => Promise<Response> : never;
};

type Callback = (error: Error | null, response: unknown) => void;

function callsOf(client: ResourceProviderClient): Calls {
  const call = (name: (typeof CALLS)[number]) => (request: unknown) =>
    new Promise((resolve, reject) => {
      const method = client[name].bind(client) as unknown as (request: unknown, callback: Callback) => void;
      method(request, (error, response) => (error ? reject(error) : resolve(response)));
    });
  return Object.fromEntries(CALLS.map((name) => [name, call(name)])) as unknown as Calls;
}
