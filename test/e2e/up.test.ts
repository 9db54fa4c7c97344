import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { request } from "undici";
import { Checkout, prepareToolchain } from "../support/checkout";
import { Client } from "../support/client";
import { isRunning } from "../support/processes";
import { until } from "../support/until";

const MINUTES = 60_000;

let checkout: Checkout;

beforeAll(async () => {
  prepareToolchain();
  checkout = await Checkout.create();
}, 20 * MINUTES);

afterAll(() => checkout.dispose(), 3 * MINUTES);

async function environment(): Promise<{ apiHost: string; auth: string }> {
  const { stdout } = await checkout.must("env");
  const values = Object.fromEntries(stdout.trim().split("\n").map((line) => line.split(/=(.*)/s, 2)));
  return { apiHost: values.WHISK_APIHOST!, auth: values.WHISK_AUTH! };
}

async function client(): Promise<Client> {
  const { apiHost, auth } = await environment();
  return new Client(apiHost, auth);
}

const hello = (...args: string[]) => checkout.must("pulumi", ...args, "-C", "stacks/hello", "--non-interactive");
const pidOf = async () => ((await (await request(`http://127.0.0.1:${checkout.port}/health`)).body.json()) as { pid: number }).pid;

/** One story, told in order: each test goes on where the one before it ended. */
describe("npm run up", () => {
  test("says which port is taken and how to choose another, and leaves nothing half done", async () => {
    const taken = await new Promise<Server>((resolve) => {
      const server = createServer((_request, response) => response.end("something else")).listen(checkout.port, "127.0.0.1", () => resolve(server));
    });
    const { status, output } = await checkout.run("up");
    taken.close();
    taken.closeAllConnections();
    expect(status).not.toBe(0);
    expect(output).toContain(`port ${checkout.port} on 127.0.0.1 is taken`);
    expect(output).toContain("stackwhisk-platform:port");
  }, 2 * MINUTES);

  test("stands up the platform and the example, and shows real answers", async () => {
    const { stdout } = await checkout.must("up");
    expect(stdout).toContain('→ {"text":"Hello, Ada!"}');
    expect(stdout).toContain('→ {"text":"HELLO, ADA!"}');
    expect(stdout).toContain('→ {"entry":"Ada visited the lobby"}');
    expect(stdout).toContain("→ 200 Hello, Ada!");
    expect(stdout).toContain(`http://127.0.0.1:${checkout.port}`);
  }, 3 * MINUTES);

  test("a second time changes nothing", async () => {
    const { output } = await checkout.must("up");
    expect(output.match(/(\d+) unchanged/g)).toEqual(["3 unchanged", "10 unchanged"]);
    expect(output).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
  }, 2 * MINUTES);

  test("env prints how the platform is reached, and nothing else", async () => {
    const { stdout } = await checkout.must("env");
    expect(stdout).toMatch(new RegExp(`^WHISK_APIHOST=http://127.0.0.1:${checkout.port}\nWHISK_AUTH=[0-9a-f-]{36}:\\w{64}\n$`));
  });

  test("keeps the key out of the state in plain text, and passphrase and data to the user", async () => {
    const { auth } = await environment();
    const state = checkout.path(".stackwhisk/state");
    const files = readdirSync(state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(0);
    for (const { parentPath, name } of files) expect(readFileSync(`${parentPath}/${name}`, "utf8")).not.toContain(auth.split(":")[1]);
    expect(statSync(checkout.path(".stackwhisk/passphrase")).mode & 0o777).toBe(0o600);
    expect(statSync(checkout.path("stacks/platform/.stackwhisk/local")).mode & 0o777).toBe(0o700);
  });

  test("a preview changes nothing; the next up changes what was edited, and only that", async () => {
    const file = "stacks/hello/actions/greeting.ts";
    const original = checkout.read(file);
    checkout.write(file, original.replace('en: "Hello"', 'en: "Welcome"'));
    const greet = async () => ((await (await client()).invoke("greet", { name: "Ada" })).body as { text: string }).text;
    const preview = await hello("preview");
    expect(preview.output).toMatch(/2 to update/);
    expect(preview.output).toMatch(/8 unchanged/);
    expect(await greet()).toBe("Hello, Ada!");
    const up = await hello("up", "--yes", "--skip-preview");
    expect(up.output).toMatch(/2 updated/);
    expect(await greet()).toBe("Welcome, Ada!");
    checkout.write(file, original);
    await hello("up", "--yes", "--skip-preview");
    expect(await greet()).toBe("Hello, Ada!");
  }, 3 * MINUTES);

  test.each([
    ["TypeScript", "stacks/hello/actions/greet.ts", "export function main( {"],
    ["Python", "stacks/hello/actions/sign.py", "def main(args:\n    return {}\n"],
  ])("code that does not parse (%s) fails the preview and names the file", async (_language, file, broken) => {
    const original = checkout.read(file);
    checkout.write(file, broken);
    const { status, output } = await checkout.run("pulumi", "preview", "-C", "stacks/hello", "--non-interactive");
    checkout.write(file, original);
    expect(status).not.toBe(0);
    expect(output).toContain(file.split("/").at(-1));
    expect(output).toContain("code");
  }, 2 * MINUTES);

  test("what was deleted behind its back is seen by refresh and made again by up", async () => {
    const api = await client();
    await api.must("DELETE", "actions/greet");
    const refresh = await hello("refresh", "--yes", "--skip-preview");
    expect(refresh.output).toMatch(/1 deleted/);
    const up = await hello("up", "--yes", "--skip-preview");
    expect(up.output).toMatch(/1 created/);
    expect((await api.invoke("greet", { name: "Ada" })).body).toEqual({ text: "Hello, Ada!" });
  }, 3 * MINUTES);

  test("what was changed behind its back is seen by refresh and put right by up", async () => {
    const api = await client();
    await api.must("PUT", "actions/shout?overwrite=true", { limits: { timeout: 12_345 }, parameters: [{ key: "text", value: "intruder" }] });
    expect((await hello("refresh", "--yes", "--skip-preview")).output).toMatch(/1 updated/);
    expect((await hello("up", "--yes", "--skip-preview")).output).toMatch(/1 updated/);
    expect((await api.must("GET", "actions/shout")).body).toMatchObject({ limits: { timeout: 60_000 }, parameters: [] });
  }, 3 * MINUTES);

  test("brings a killed platform back with all its entities and activations", async () => {
    const api = await client();
    const before = await api.activations();
    process.kill(await pidOf(), "SIGKILL");
    await until("the platform is gone", async () => pidOf().then(() => false, () => true));
    const { output } = await checkout.must("up");
    expect(output).toContain('→ {"text":"Hello, Ada!"}');
    const after = await api.activations();
    for (const { activationId } of before) expect(after.map((one) => one.activationId)).toContain(activationId);
  }, 3 * MINUTES);

  test("a changed setting of the platform takes effect in place, and its data stays", async () => {
    checkout.configure({ port: checkout.port, memory: "1024 MB" });
    const before = await pidOf();
    const { output } = await checkout.must("pulumi", "up", "--yes", "--skip-preview", "--non-interactive");
    expect(output).toMatch(/1 updated/);
    expect(await pidOf()).not.toBe(before);
    expect((await (await client()).invoke("greet", { name: "Ada" })).body).toEqual({ text: "Hello, Ada!" });
  }, 2 * MINUTES);

  test("a wrong setting fails the preview and names it", async () => {
    checkout.configure({ port: checkout.port, memory: "lots" });
    const { status, output } = await checkout.run("pulumi", "preview", "--non-interactive");
    checkout.configure({ port: checkout.port });
    expect(status).not.toBe(0);
    expect(output).toContain("memory");
    expect(output).toContain("lots");
  }, 2 * MINUTES);

  test("down leaves no process, port or state behind", async () => {
    const pid = await pidOf();
    await checkout.must("down");
    expect(isRunning(pid)).toBe(false);
    await expect(request(`http://127.0.0.1:${checkout.port}/health`)).rejects.toThrow();
    expect(existsSync(checkout.path("stacks/platform/.stackwhisk/local"))).toBe(false);
    const stacks = checkout.path(".stackwhisk/state/.pulumi/stacks");
    const left = existsSync(stacks) ? readdirSync(stacks, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith(".json")) : [];
    expect(left).toEqual([]);
  }, 2 * MINUTES);

  test("down again says that there is nothing to do, and env that nothing is up", async () => {
    const down = await checkout.must("down");
    expect(down.stdout).toContain("Nothing to take down");
    const env = await checkout.run("env");
    expect([env.status, env.stdout]).toEqual([1, ""]);
  });

  test("an unknown stack or flag is named, with what there is", async () => {
    const stack = await checkout.run("up", "moon");
    expect(stack.status).not.toBe(0);
    expect(stack.output).toMatch(/moon[\s\S]*local/);
    const flag = await checkout.run("up", "--frobnicate");
    expect(flag.status).toBe(2);
    expect(flag.output).toContain("--frobnicate");
  });
});
