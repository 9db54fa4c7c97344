import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { TestPlatform } from "../support/platform";

const PROGRAM = path.resolve("dist/services/standalone.js");

/** Starts the program and waits for its end. */
function run(config: unknown, dataDir: string): { status: number | null; last: { level: number; msg: string } } {
  const file = path.join(dataDir, "tried.json");
  writeFileSync(file, typeof config === "string" ? config : JSON.stringify(config));
  const { status, stdout } = spawnSync(process.execPath, [PROGRAM, "--config", file], { encoding: "utf8", timeout: 30_000 });
  return { status, last: JSON.parse(stdout.trim().split("\n").at(-1)!) as { level: number; msg: string } };
}

let platform: TestPlatform;

beforeEach(() => {
  platform = new TestPlatform();
});

afterEach(() => platform.dispose());

test.each([
  ["memory", { memory: 10 }, "'memory' must be at least 128 MB"],
  ["port", { port: "many" }, "'port'"],
  ["an unknown property", { prot: 3233 }, "prot"],
  ["a key that is too short", { namespaces: [{ name: "guest", uuid: "23bc46b1-71f6-4ed5-8c54-816aa4f8c502", key: "short" }] }, "'namespaces.0.key' must have at least 32 characters"],
])("a wrong %s ends the start with exit code 2 and names the property", (_what, part, message) => {
  const { status, last } = run({ dataDir: platform.dataDir, ...part }, platform.dataDir);
  expect([status, last.level]).toEqual([2, 60]);
  expect(last.msg).toContain(message);
});

test("a configuration that is not JSON is said to be so", () => {
  const { status, last } = run("{ port: ", platform.dataDir);
  expect(status).toBe(2);
  expect(last.msg).toMatch(/tried\.json is not JSON/);
});

test("a port that another program has is named", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = taken.address() as { port: number };
  const { status, last } = run({ dataDir: platform.dataDir, port }, platform.dataDir);
  await new Promise((resolve) => taken.close(resolve));
  expect(status).toBe(1);
  expect(last.msg).toBe(`127.0.0.1:${port} is taken by another program: stop it, or choose another 'port'`);
});

test("a second platform on the same data is refused, and the first goes on", async () => {
  await platform.start();
  const { status, last } = run({ dataDir: platform.dataDir, port: 0 }, platform.dataDir);
  expect(status).toBe(1);
  expect(last.msg).toContain(`in use by process ${platform.pid}`);
  expect((await platform.client().call("GET", "actions")).status).toBe(200);
});

test("state that cannot be read is left as it is, and named", async () => {
  const file = path.join(platform.dataDir, "platform.db");
  writeFileSync(file, "this is not a database, but something that somebody may want back");
  const { status, last } = run({ dataDir: platform.dataDir, port: 0 }, platform.dataDir);
  expect(status).toBe(1);
  expect(last.msg).toContain(file);
  expect(readFileSync(file, "utf8")).toContain("somebody may want back");
});

test("entities and records are there again after a crash", async () => {
  await platform.start();
  const client = platform.client();
  await client.putAction("kept", "function main() { return { kept: true } }");
  const { body } = await client.invoke("kept", {}, "blocking=true");
  await client.activation((body as { activationId: string }).activationId);
  const before = await client.activations();
  await platform.kill();
  await platform.start();
  expect(await client.activations()).toEqual(before);
  expect((await client.invoke("kept")).body).toEqual({ kept: true });
});

test("a stopped platform leaves no lock, socket or address behind", async () => {
  await platform.start();
  expect(await platform.stop()).toBe(0);
  expect(readdirSync(platform.dataDir).sort()).toEqual(["config.json", "platform.db"]);
});

test("neither keys nor parameters are logged", async () => {
  await platform.start();
  const client = platform.client();
  await client.putAction("secretive", "function main() { return {} }", { parameters: [{ key: "password", value: "hunter2-hunter2" }] });
  await client.invoke("secretive", { token: "tell-nobody" });
  await client.call("GET", "nothing/here");
  await platform.stop();
  for (const secret of ["hunter2-hunter2", "tell-nobody", platform.auth.split(":")[1]!]) expect(platform.log).not.toContain(secret);
});
