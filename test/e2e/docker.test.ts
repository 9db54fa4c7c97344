import { readdirSync, readFileSync } from "node:fs";
import { request } from "undici";
import { runtimeImage } from "../../runtimes/testing/images";
import { Checkout, prepareToolchain } from "../support/checkout";
import { Client } from "../support/client";
import { describeWithDocker, TestDocker } from "../support/docker";
import { baseImage } from "../support/docker/baseImages";
import { docker } from "../support/docker/cli";
import { installDockerPluginDouble } from "../support/dockerPluginDouble/install";
import { freePort } from "../support/freePort";
import { randomPrefix } from "../support/rabbitmq";

const MINUTES = 60_000;

/** What an action can reach: each that answers, or accepts a connection. */
const PROBE = `
const net = require("node:net");
const opens = (host, port) => new Promise((resolve) => {
  const socket = net.connect({ host, port, timeout: 2000 });
  socket.once("connect", () => (socket.destroy(), resolve("open")));
  for (const event of ["error", "timeout"]) socket.once(event, () => (socket.destroy(), resolve("closed")));
});
const status = async (url) => (await fetch(url, { signal: AbortSignal.timeout(5000) })).status;
const api = process.env.__OW_API_HOST;
exports.main = async ({ targets }) => ({
  ports: await Promise.all(targets.map(([host, port]) => opens(host, port))),
  api: await status(api + "/api/v1"),
  admin: await status(api + "/admin/v1/namespaces"),
  disguised: await status(api + "/%61dmin/v1/namespaces"),
});`;

/** Swift's image takes minutes and gigabytes. */
const IS_FULL = process.env.STACKWHISK_TEST_TIER === "full";

/** In the place of one that an operator brings. */
const OWN_IMAGE = "stackwhisk-test/own-runtime:1";

/** One story, told in order: each test goes on where the one before it ended. The Docker is real, Pulumi's plugin for it a double. */
describeWithDocker("npm run up -- docker", () => {
  const name = randomPrefix().replace(/[^a-z0-9-]/g, "-");
  let checkout: Checkout;
  let host: string;
  let double: Awaited<ReturnType<typeof installDockerPluginDouble>>;

  beforeAll(async () => {
    prepareToolchain();
    host = await TestDocker.host();
    const images = {
      nodeImage: await baseImage("node:24"),
      rabbitmqImage: await baseImage("rabbitmq:4"),
      mongodbImage: await baseImage("mongo:8"),
      loadBalancerImage: await baseImage("haproxy:3.2"),
      runtimes: ["nodejs", "python", "skeleton", ...(IS_FULL ? ["swift"] : [])],
      runtimeImages: { "nodejs:22": await baseImage("node:22"), python: await baseImage("python:3"), skeleton: await baseImage("python:3"), ...(IS_FULL && { swift: await baseImage("swift:6") }) },
    };
    await docker(host, "tag", await runtimeImage("stackwhisk/runtime-python:3"), OWN_IMAGE);
    checkout = await Checkout.create();
    checkout.write("stacks/platform/runtimes.json", JSON.stringify({ runtimes: { own: [{ kind: "own:1", image: { prefix: "stackwhisk-test", name: "own-runtime", tag: "1" } }] } }));
    double = await installDockerPluginDouble();
    checkout.programs.push(double.folder);
    checkout.configure({ name, port: await freePort(), controllers: 1, invokers: 1, memory: "1 GB", dockerHost: host, dockerSocket: host.replace("unix://", ""), manifest: "runtimes.json", ...images }, "docker");
  }, 30 * MINUTES);

  afterAll(async () => {
    await checkout?.dispose();
    double?.remove();
  }, 5 * MINUTES);

  async function client(): Promise<Client> {
    const { stdout } = await checkout.must("env", "docker");
    const [apiHost, auth] = stdout.trim().split("\n").map((line) => line.slice(line.indexOf("=") + 1));
    return new Client(apiHost!, auth!);
  }

  async function version(kind: string, code: string): Promise<string> {
    const api = await client();
    await api.must("PUT", "actions/version?overwrite=true", { exec: { kind, code } });
    const { body } = await api.invoke("version");
    await api.must("DELETE", "actions/version");
    return body.version as string;
  }

  const greet = async () => (await (await client()).invoke("greet", { name: "Ada" })).body;
  const pulumi = (...args: string[]) => checkout.must("pulumi", ...args, "--non-interactive", "-C", "stacks/platform", "-s", "docker");
  const parts = ["api", "controller-0", "invoker-0", "mongodb", "rabbitmq"];
  const idOf = (part: string) => docker(host, "inspect", "--format", "{{.Id}}", `${name}-${part}`);
  const ids = async () => Object.fromEntries(await Promise.all(parts.map(async (part) => [part, await idOf(part)] as const)));

  test("stands up the platform and the example, and shows real answers", async () => {
    const { stdout } = await checkout.must("up", "docker");
    expect(stdout).toContain('→ {"text":"Hello, Ada!"}');
    expect(stdout).toContain('→ {"entry":"Ada visited the lobby"}');
    expect(stdout).toContain("→ 200 Hello, Ada!");
    // Of these none has a port outside but one.
    const published = await docker(host, "ps", "--filter", `label=stackwhisk.platform=${name}`, "--format", "{{.Names}} {{.Ports}}");
    expect(published.split("\n").filter((line) => line.includes("->")).map((line) => line.split(" ")[0])).toEqual([`${name}-api`]);
  }, 10 * MINUTES);

  test("a second time changes nothing", async () => {
    const before = await ids();
    const { output } = await checkout.must("up", "docker");
    expect(output.match(/(\d+) unchanged/g)).toEqual([expect.stringMatching(/^3\d unchanged$/), "10 unchanged"]);
    expect(output).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
    expect(await ids()).toEqual(before);
  }, 3 * MINUTES);

  test("each kind runs on its version, and kinds of the operator's own on theirs", async () => {
    const node = "exports.main = () => ({ version: process.version })";
    expect(await version("nodejs:24", node)).toMatch(/^v24\./);
    expect(await version("nodejs:22", node)).toMatch(/^v22\./);
    expect(await version("own:1", "import sys\ndef main(args): return {'version': sys.version}")).toMatch(/^3\./);
  }, 2 * MINUTES);

  test("programs run in the skeleton that was built, whoever's it is called", async () => {
    const api = await client();
    // As the client does it for --native.
    await api.must("PUT", "actions/program", { exec: { kind: "blackbox", image: "openwhisk/dockerskeleton", code: '#!/bin/sh\necho "{\\"given\\": $1}"\n' } });
    expect((await api.invoke("program", { a: 1 })).body).toEqual({ given: { a: 1 } });
    await api.must("DELETE", "actions/program");
  }, 2 * MINUTES);

  if (IS_FULL) {
    test("Swift runs", async () => {
      expect(await version("swift:6", 'func main(args: [String: Any]) -> [String: Any] { return ["version": "six"] }')).toBe("six");
    }, 2 * MINUTES);
  }

  test("keeps keys and passwords out of the state, and of what Docker shows of a container", async () => {
    const config = JSON.parse(await docker(host, "exec", `${name}-controller-0`, "cat", "/etc/stackwhisk/config.json")) as { adminKey: string; secret: string; namespaces: { key: string }[]; rabbitmq: { url: string }; mongodb: { url: string } };
    const secrets = [config.adminKey, config.secret, config.namespaces[0]!.key, new URL(config.rabbitmq.url).password, new URL(config.mongodb.url).password];
    expect(secrets.every((secret) => secret.length === 64)).toBe(true);
    const state = readdirSync(checkout.path(".stackwhisk/state"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = [...state.map(({ parentPath, name: file }) => readFileSync(`${parentPath}/${file}`, "utf8")), await docker(host, "inspect", ...parts.map((part) => `${name}-${part}`))];
    for (const secret of secrets) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  }, MINUTES);

  test("an action reaches the API, and neither its admin side nor broker, database, controller or another action", async () => {
    const api = await client();
    await api.must("PUT", "actions/probe?overwrite=true", { exec: { kind: "nodejs:24", code: PROBE } });
    const addressOf = (container: string, network: string) => docker(host, "inspect", "--format", `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`, container);
    const [rabbitmq, mongodb, controller, balancer] = await Promise.all(["rabbitmq", "mongodb", "controller-0", "api"].map((part) => addressOf(`${name}-${part}`, name)));
    const [neighbour] = (await docker(host, "ps", "--quiet", "--filter", `name=^${name}-guest-`, "--filter", "status=running")).split("\n");
    const targets = [[rabbitmq, 5672], [mongodb, 27017], [controller, 3233], [balancer, 3233], [await addressOf(neighbour!, `${name}-actions`), 8080], [`${name}-rabbitmq`, 5672]];
    const { body } = await api.invoke("probe", { targets });
    expect(body).toEqual({ ports: targets.map(() => "closed"), api: 200, admin: 403, disguised: 403 });
    await api.must("DELETE", "actions/probe");
  }, 2 * MINUTES);

  test("a preview of a changed service touches nothing; the next up replaces exactly its image and containers", async () => {
    const before = await ids();
    const images = async () => (await docker(host, "images", "--no-trunc", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}")).split("\n").filter((line) => line.startsWith(name)).sort();
    const imagesBefore = await images();
    expect(imagesBefore).toHaveLength(IS_FULL ? 7 : 6);
    const file = "services/distributed/invoker.main.ts";
    checkout.write(file, checkout.read(file).replace('{ service: "invoker" }', '{ service: "invoker", edition: "second" }'));
    const preview = await pulumi("preview");
    expect(preview.output).toMatch(/2 to replace/);
    expect([await ids(), await images()]).toEqual([before, imagesBefore]);
    const { output } = await pulumi("up", "--yes", "--skip-preview");
    expect(output).toMatch(/\+-2 replaced/);
    const after = await ids();
    expect(after).toEqual({ ...before, "invoker-0": after["invoker-0"] });
    expect(after["invoker-0"]).not.toBe(before["invoker-0"]);
    expect(await docker(host, "logs", `${name}-invoker-0`)).toContain('"edition":"second"');
    expect(await greet()).toEqual({ text: "Hello, Ada!" });
  }, 5 * MINUTES);

  test("up starts again what somebody has stopped", async () => {
    await docker(host, "stop", `${name}-invoker-0`);
    const { output } = await pulumi("up", "--yes", "--skip-preview");
    expect(output).toMatch(/1 updated/);
    expect(await greet()).toEqual({ text: "Hello, Ada!" });
  }, 5 * MINUTES);

  test("down leaves no container, network, volume or image behind, not even what an invoker had that was killed", async () => {
    const { apiHost } = await client();
    expect(await greet()).toEqual({ text: "Hello, Ada!" });
    await docker(host, "kill", `${name}-invoker-0`);
    expect(await docker(host, "ps", "--quiet", "--filter", `network=${name}-actions`)).not.toBe("");
    await checkout.must("down", "docker");
    await expect(request(`${apiHost}/health`)).rejects.toThrow();
    const left = await Promise.all([
      docker(host, "ps", "--all", "--format", "{{.Names}}"),
      docker(host, "network", "ls", "--format", "{{.Name}}"),
      docker(host, "volume", "ls", "--format", "{{.Name}}"),
      docker(host, "images", "--format", "{{.Repository}}"),
    ]);
    expect(left.flatMap((lines) => lines.split("\n").filter((line) => line.includes(name)))).toEqual([]);
  }, 5 * MINUTES);
});
