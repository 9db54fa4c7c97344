import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { type AdminOptions, type Phase, serveAdmin } from "./admin";

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function serve(options: Partial<AdminOptions>): Promise<string> {
  const metrics = { contentType: "text/plain; version=0.0.4", metrics: async () => "a_metric 1\n" };
  const { server, url } = await serveAdmin({ host: "127.0.0.1", port: 0, instance: "me", role: "invoker", checks: {}, phase: () => "serving", metrics, ...options });
  servers.push(server);
  return url;
}

async function get(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
}

test("who works and has what it needs is ready", async () => {
  const url = await serve({ checks: { broker: () => {}, database: async () => {} } });
  expect(await get(`${url}/ready`)).toEqual({ status: 200, body: expect.objectContaining({ status: "ready", role: "invoker", instance: "me", pid: process.pid, problems: {} }) });
  expect(await get(`${url}/health`)).toEqual({ status: 200, body: expect.objectContaining({ status: "ok" }) });
});

test("who misses something is not ready, says what, and lives", async () => {
  const checks: AdminOptions["checks"] = {
    broker: () => {
      throw new Error("not connected");
    },
    database: () => Promise.reject(new Error("no server")),
    other: () => {},
  };
  const url = await serve({ checks });
  expect(await get(`${url}/ready`)).toEqual({ status: 503, body: expect.objectContaining({ status: "not ready", problems: { broker: "not connected", database: "no server" } }) });
  expect((await get(`${url}/health`)).status).toBe(200);
});

test("what does not answer within a second counts as away", async () => {
  const url = await serve({ checks: { database: () => new Promise(() => {}) } });
  expect(await get(`${url}/ready`)).toEqual({ status: 503, body: expect.objectContaining({ status: "not ready", problems: { database: "no answer within 1000 ms" } }) });
});

test.each<Phase>(["starting", "draining"])("who is %s is not ready, and lives", async (phase) => {
  const url = await serve({ phase: () => phase });
  expect(await get(`${url}/ready`)).toEqual({ status: 503, body: expect.objectContaining({ status: phase, problems: {} }) });
  expect((await get(`${url}/health`)).status).toBe(200);
});

test("metrics are served in the format that they have", async () => {
  const response = await fetch(`${await serve({})}/metrics`);
  expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  expect(await response.text()).toBe("a_metric 1\n");
});

test("a port that is taken is named with the setting that chooses it", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  await expect(serve({ port })).rejects.toThrow(`127.0.0.1:${port} is taken by another program: stop it, or choose another 'adminPort'`);
  await new Promise((resolve) => taken.close(resolve));
});
