import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pino from "pino";
import { request } from "undici";
import { freePort } from "../../test/support/freePort";
import { isRunning } from "../../test/support/processes";
import { until } from "../../test/support/until";
import type { DistributedConfig } from "../distributed/config";
import { type Cluster, startCluster } from "./cluster";

let folder: string;
let port: number;
let cluster: Cluster | undefined;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-cluster-"));
  port = await freePort();
});
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
  rmSync(folder, { recursive: true });
});

const file = (name: string) => path.join(folder, name);
const notes = () => (existsSync(file("notes")) ? readFileSync(file("notes"), "utf8").trim().split("\n") : []);

/** Starts as many programs as `config` says, all of them fakes. */
async function start(behaviour: Record<string, string> = {}, counts = { controllers: 2, invokers: 2 }): Promise<Cluster> {
  const config = { host: "127.0.0.1", port, dataDir: file("data"), ...counts } as DistributedConfig;
  writeFileSync(file("config.json"), JSON.stringify({ ...config, notes: file("notes"), ...behaviour }));
  const programs = { controller: file("controller.cjs"), invoker: file("invoker.cjs") };
  for (const program of Object.values(programs)) copyFileSync(path.join(__dirname, "testing/fakeProcess.cjs"), program);
  return (cluster = await startCluster(config, file("config.json"), programs, pino({ level: "silent" })));
}

/** Process id of the controller that answers a new connection. */
const answer = async () => Number(await (await request(`http://127.0.0.1:${port}/`, { reset: true })).body.text());

test("several controllers serve one port, and invokers know where", async () => {
  const { processes, port: served } = await start();
  expect(served).toBe(port);
  expect([processes.controllers.length, processes.invokers.length]).toEqual([2, 2]);
  expect(processes.controllers).toContain(await answer());
  expect(notes().sort()).toEqual([...Array(2).fill(`controller serves for ${process.pid}`), ...Array(2).fill(`invoker serves for http://127.0.0.1:${port}`)]);
  expect(JSON.parse(readFileSync(file("data/address.json"), "utf8"))).toEqual({ host: "127.0.0.1", port, pid: process.pid });
});

test("a killed controller is replaced, and the port answers meanwhile", async () => {
  const started = await start();
  const [killed, other] = started.processes.controllers;
  process.kill(killed!, "SIGKILL");
  await until("its end was noticed", () => !started.processes.controllers.includes(killed!));
  expect(await answer()).toBe(other);
  await until("a new one answers too", async () => (await answer()) !== other);
});

test("a connection that a controller takes into its death is closed, and no client waits for ever", async () => {
  const started = await start();
  const [killed, other] = started.processes.controllers;
  process.kill(killed!, "SIGSTOP");
  // One of two goes to the one that does not take it.
  const answers = [answer(), answer()];
  expect(await Promise.any(answers)).toBe(other);
  process.kill(killed!, "SIGKILL");
  const ends = await Promise.allSettled(answers);
  expect(ends.filter(({ status }) => status === "rejected")).toEqual([{ status: "rejected", reason: expect.objectContaining({ code: expect.stringMatching(/UND_ERR_SOCKET|ECONNRESET/) }) }]);
});

test("controllers end before invokers are asked to, and nothing is left", async () => {
  const started = await start();
  const { controllers, invokers } = started.processes;
  await started.close();
  const order = notes().slice(4);
  expect(order.slice(0, 4).sort()).toEqual(["controller ended", "controller ended", "controller was asked to end", "controller was asked to end"]);
  expect(order.slice(4).sort()).toEqual(["invoker ended", "invoker ended", "invoker was asked to end", "invoker was asked to end"]);
  expect([...controllers, ...invokers].some(isRunning)).toBe(false);
  expect([existsSync(file("data/address.json")), existsSync(file("data/platform.pid"))]).toEqual([false, false]);
  await expect(answer()).rejects.toThrow();
});

test.each(["controller", "invoker"])("a %s that does not start ends the start with its message, and leaves no process", async (role) => {
  await expect(start({ [role]: "crash" })).rejects.toMatchObject({ name: "StartError", message: `'${role}' must be something else`, exitCode: 1 });
  expect(existsSync(file("data/platform.pid"))).toBe(false);
  const served = notes().filter((line) => line.startsWith("controller serves")).length;
  expect(notes().filter((line) => line === "controller ended")).toHaveLength(served);
});

test("a second one on the same folder is refused, and the first goes on", async () => {
  const first = await start();
  await expect(start()).rejects.toThrow(`in use by process ${process.pid}`);
  cluster = first;
  expect(await answer()).toBeGreaterThan(0);
});
