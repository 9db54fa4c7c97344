import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { runtimesFolder } from "../../../services/process/kinds";
import { Platform, type PlatformArgs } from "../platform";
import { addressesOf, within } from "./addresses";
import type { DockerTransforms } from "./dockerTarget";

interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const SECRET = "4dabf18193072939515e22adb298388d";
const CONTAINER = "docker:index/container:Container";
const IMAGE = "docker:index/remoteImage:RemoteImage";
const KEYS = { auth: "23bc46b1-71f6-4ed5-8c54-816aa4f8c502:key", adminKey: "admin", signingSecret: "signing", rabbitmqPassword: "rabbit-pw", mongodbPassword: "mongo-pw", namespace: "guest" };

let recorded: Recorded[] = [];
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "stackwhisk-contexts-"));
  for (const name of ["controller", "invoker", "runtime-nodejs", "runtime-python"]) context(name, `FROM scratch # ${name}`);
  mkdirSync(path.join(folder, "runtimes"));
  for (const list of ["manifest.json", "images.json"]) copyFileSync(path.join(runtimesFolder(), list), path.join(folder, "runtimes", list));
  await record();
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A build context with this Dockerfile. */
function context(name: string, dockerfile: string): void {
  mkdirSync(path.join(folder, name), { recursive: true });
  writeFileSync(path.join(folder, name, "Dockerfile"), dockerfile);
}

async function record(): Promise<void> {
  recorded = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        recorded.push({ type, name, inputs });
        const outputs = type.endsWith("PlatformKeys") ? KEYS : type === IMAGE ? { imageId: `sha256:${inputs.name}` } : type.endsWith("Network") ? { ipamConfigs: [{ subnet: "172.30.0.0/16" }] } : {};
        return { id: `${name}-id`, state: { ...inputs, ...outputs, ready: true } };
      },
      call: () => ({}),
    },
    "shop",
    "Trial",
  );
}

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

async function make(args: Omit<Extract<PlatformArgs, { target: "docker" }>, "target"> = {}): Promise<Platform> {
  const platform = new Platform("main", { target: "docker", ...args, images: { contexts: folder, ...args.images } });
  await valueOf(platform.apiHost);
  // Of components, which tell their outputs at last.
  await pulumi.runtime.disconnect(false);
  return platform;
}

/** What a secret holds, having made sure that it is one. */
function revealed(value: unknown): string {
  expect(value).toMatchObject({ [SECRET]: expect.any(String) });
  return (value as { value: string }).value;
}

const inputsOf = (type: string, name: string) => recorded.find((one) => one.type === type && one.name === name)!.inputs;
const names = (type: string) => recorded.filter((one) => one.type === type).map(({ name }) => name).sort();
const uploadsOf = (name: string) => {
  const uploads = inputsOf(CONTAINER, name).uploads;
  const list = (Array.isArray(uploads) ? uploads : JSON.parse(JSON.stringify(revealed(uploads)))) as { file: string; content: unknown }[];
  return Object.fromEntries(list.map(({ file, content }) => [file, typeof content === "string" ? content : revealed(content)]));
};

test("is made of parts, each a component below the platform", async () => {
  await make();
  expect(recorded.filter(({ type }) => type.startsWith("stackwhisk:docker:")).map(({ type }) => type).sort()).toEqual(
    ["DockerPlatform", "RabbitMq", "MongoDb", "RuntimeImages", "Controller", "Invoker", "LoadBalancer"].map((name) => `stackwhisk:docker:${name}`).sort(),
  );
  expect(names("stackwhisk:index:PlatformKeys")).toEqual(["main"]);
  expect(names("docker:index/network:Network")).toEqual(["main-actions", "main-platform"]);
  expect(names("docker:index/volume:Volume")).toEqual(["main-mongodb", "main-rabbitmq"]);
  expect(names(CONTAINER)).toEqual(["main-api", "main-controller-0", "main-controller-1", "main-invoker-0", "main-invoker-1", "main-mongodb", "main-rabbitmq"]);
  expect(names("stackwhisk:index:ContainerReadiness")).toEqual(names(CONTAINER));
  expect(names(IMAGE)).toEqual(["main-api", "main-controller", "main-invoker", "main-mongodb", "main-rabbitmq", "main-runtime-nodejs-22", "main-runtime-nodejs-24", "main-runtime-python-3"]);
});

test("is made of the same resources with the same inputs each time", async () => {
  const once = async () => {
    await record();
    await make({ memory: "1 GB" });
    return [...recorded].sort((a, b) => (a.type + a.name < b.type + b.name ? -1 : 1));
  };
  expect(await once()).toEqual(await once());
});

test("nothing on Docker has a name that another stack's platform has, and all of them are what Docker allows", async () => {
  await make();
  const all = recorded.filter(({ type }) => type.startsWith("docker:") && type !== IMAGE).map(({ inputs }) => String(inputs.name));
  const platform = all.find((name) => name.endsWith("-rabbitmq"))!.replace(/-rabbitmq$/, "");
  expect(platform).toMatch(/^shop-trial-[0-9a-f]{8}$/);
  expect(all.every((name) => name.startsWith(platform))).toBe(true);
});

test("the broker gets its password in a file, keeps its data on a volume and has no port outside", async () => {
  await make({ name: "shop" });
  expect(inputsOf(CONTAINER, "main-rabbitmq")).toMatchObject({
    name: "shop-rabbitmq",
    image: "sha256:rabbitmq:4",
    hostname: "rabbitmq",
    networksAdvanced: [{ name: "main-platform-id", ipv4Address: expect.stringMatching(/^10\.\d+\.\d+\.2$/) }],
    restart: "unless-stopped",
    stopTimeout: 60,
    destroyGraceSeconds: 60,
    volumes: [{ volumeName: "shop-rabbitmq", containerPath: "/var/lib/rabbitmq" }],
  });
  expect(inputsOf(CONTAINER, "main-rabbitmq")).not.toHaveProperty("ports");
  expect(uploadsOf("main-rabbitmq")).toEqual({ "/etc/rabbitmq/conf.d/90-stackwhisk.conf": "default_user = stackwhisk\ndefault_pass = rabbit-pw\n" });
});

test("times of health checks are written as the plugin reads them back, so that they are no changes", async () => {
  await make();
  const checks = names(CONTAINER).flatMap((name) => (inputsOf(CONTAINER, name).healthcheck as object | undefined) ?? []);
  expect(checks).toHaveLength(5);
  for (const check of checks) expect(check).toMatchObject({ interval: "10s", timeout: "5s", startPeriod: "1m0s", retries: 3 });
});

test("controllers and invokers get one configuration, in a file and as a secret", async () => {
  await make({ name: "shop", memory: "1 GB", idleTimeout: "2 minutes", retention: 60, prewarm: false, logLevel: "debug", limits: { firesPerMinute: 5 } });
  const controller = JSON.parse(uploadsOf("main-controller-0")["/etc/stackwhisk/config.json"]!) as Record<string, unknown>;
  expect(controller).toEqual({
    name: "shop",
    host: "0.0.0.0",
    port: 3233,
    adminPort: 3239,
    dataDir: "/tmp",
    namespaces: [{ name: "guest", uuid: "23bc46b1-71f6-4ed5-8c54-816aa4f8c502", key: "key" }],
    adminKey: "admin",
    secret: "signing",
    rabbitmq: { url: "amqp://stackwhisk:rabbit-pw@shop-rabbitmq:5672" },
    mongodb: { url: "mongodb://stackwhisk:mongo-pw@shop-mongodb:27017" },
    memory: 1024,
    idleTimeout: 120,
    retention: 60,
    prewarm: false,
    logLevel: "debug",
    limits: { firesPerMinute: 5 },
    driver: "docker",
  });
  expect(uploadsOf("main-controller-1")).toEqual(uploadsOf("main-controller-0"));
  const invoker = JSON.parse(uploadsOf("main-invoker-0")["/etc/stackwhisk/config.json"]!) as Record<string, unknown>;
  const { platform, gateway, invoker: loopback } = addressesOf("shop");
  expect(invoker).toEqual({ ...controller, adminHost: loopback(0), apiHost: `http://${gateway}:3235`, docker: { network: "shop-actions" } });
  expect(inputsOf(CONTAINER, "main-invoker-0")).toMatchObject({ networkMode: "host", hosts: [{ host: "shop-rabbitmq", ip: within(platform, 2) }, { host: "shop-mongodb", ip: within(platform, 3) }] });
});

test("no password or key is in what is not secret", async () => {
  await make({ name: "shop" });
  const shown = JSON.stringify(recorded, (_, value: unknown) => (typeof value === "object" && value !== null && SECRET in value ? "secret" : value));
  for (const secret of ["rabbit-pw", "mongo-pw", "signing", KEYS.auth]) expect(shown).not.toContain(secret);
});

test("outputs say where the API is, with which keys, and which of that is secret", async () => {
  const platform = await make({ port: 4000 });
  expect([await valueOf(platform.apiHost), await valueOf(platform.auth), await valueOf(platform.adminKey)]).toEqual(["http://127.0.0.1:4000", KEYS.auth, KEYS.adminKey]);
  expect([await pulumi.isSecret(platform.apiHost), await pulumi.isSecret(platform.auth), await pulumi.isSecret(platform.adminKey)]).toEqual([false, true, true]);
});

test("only the load balancer has ports: one of the machine, and one for actions without the admin API", async () => {
  await make({ host: "192.0.2.1", port: 4000, name: "shop", controllers: 1 });
  expect(recorded.filter(({ inputs }) => inputs.ports !== undefined).map(({ name }) => name)).toEqual(["main-api"]);
  expect(inputsOf(CONTAINER, "main-api")).toMatchObject({
    ports: [
      { internal: 3233, external: 4000, ip: "192.0.2.1" },
      { internal: 3234, external: 4000, ip: addressesOf("shop").gateway },
    ],
    networkMode: "main-platform-id",
  });
  const config = uploadsOf("main-api")["/usr/local/etc/haproxy/haproxy.cfg"];
  expect(config).toContain("frontend actions\n  bind :3234\n  http-request deny deny_status 403 if { path,url_dec -i -m beg /admin }\n");
  expect(config).toContain("  server controller-0 shop-controller-0:3233\n");
});

test("actions are on a network of their own, on which they do not reach one another", async () => {
  await make({ name: "shop", networks: { actions: "10.80.9.0/24" } });
  expect(inputsOf("docker:index/network:Network", "main-actions")).toEqual({
    name: "shop-actions",
    ipamConfigs: [{ subnet: "10.80.9.0/24", gateway: "10.80.9.1" }],
    options: { "com.docker.network.bridge.enable_icc": "false" },
  });
});

test("what an invoker has made for actions, and Pulumi knows nothing of, goes with it", async () => {
  await make({ name: "shop", dockerHost: "unix:///run/docker.sock" });
  expect(names("stackwhisk:index:ActionContainers")).toEqual(["main-invoker-0", "main-invoker-1"]);
  const inputs = inputsOf("stackwhisk:index:ActionContainers", "main-invoker-1");
  expect(inputs).toEqual({ platform: "shop", invoker: "shop-invoker-1", network: "main-actions-id", dockerHost: "unix:///run/docker.sock" });
  expect(inputsOf(CONTAINER, "main-invoker-1").hostname).toBe(inputs.invoker);
});

test("two platforms have other addresses, the same one always the same", () => {
  expect(addressesOf("shop")).toEqual({ ...addressesOf("shop"), invoker: expect.any(Function) });
  expect(addressesOf("shop").platform).not.toBe(addressesOf("orders").platform);
  expect(addressesOf("shop").platform).not.toBe(addressesOf("shop").actions);
  expect(addressesOf("shop").invoker(0)).not.toBe(addressesOf("shop").invoker(1));
});

test("an image is named after what is in it, so that what has not changed is not built again", async () => {
  const tags = async () => {
    await record();
    await make({ name: "shop" });
    return Object.fromEntries(["controller", "invoker", "runtime-nodejs-24"].map((name) => [name, inputsOf(IMAGE, `main-${name}`).name]));
  };
  const before = await tags();
  expect(before.controller).toMatch(/^shop\/controller:[0-9a-f]{16}$/);
  expect(inputsOf(CONTAINER, "main-controller-0").image).toBe(`sha256:${before.controller}`);
  context("invoker", "FROM scratch # changed");
  const after = await tags();
  expect(after).toEqual({ ...before, invoker: after.invoker });
  expect(after.invoker).not.toBe(before.invoker);
});

const manifestOf = (name: string) => JSON.parse(uploadsOf(name)["/opt/stackwhisk/runtimes/manifest.json"]!) as { runtimes: Record<string, { kind: string; default: boolean; image: unknown }[]>; blackboxes: unknown[] };
const imagesOf = (name: string, family = "nodejs") => Object.fromEntries(manifestOf(name).runtimes[family]!.map(({ kind, image }) => [kind, image]));
const tagOf = (image: string) => String(inputsOf(IMAGE, image).name).split(":")[1];

test("invokers know the images of the runtimes by name, controllers only their kinds", async () => {
  await make({ name: "shop", runtimes: ["nodejs"] });
  expect(Object.keys(manifestOf("main-invoker-0").runtimes)).toEqual(["nodejs"]);
  expect(imagesOf("main-invoker-0")).toMatchObject({
    "nodejs:24": { prefix: "shop", name: "runtime-nodejs-24", tag: tagOf("main-runtime-nodejs-24") },
    "nodejs:22": { prefix: "shop", name: "runtime-nodejs-22", tag: tagOf("main-runtime-nodejs-22") },
    "nodejs:18": { prefix: "shop", name: "runtime-nodejs-22", tag: tagOf("main-runtime-nodejs-22") },
  });
  expect(imagesOf("main-controller-0")).toMatchObject({ "nodejs:24": { prefix: "stackwhisk", name: "runtime-nodejs", tag: "24" }, "nodejs:22": { prefix: "stackwhisk", name: "runtime-nodejs", tag: "22" } });
});

test("only the runtimes are built that were chosen", async () => {
  await make({ name: "shop", runtimes: ["nodejs:22"] });
  expect(names(IMAGE).filter((name) => name.includes("runtime"))).toEqual(["main-runtime-nodejs-22"]);
  expect(Object.keys(imagesOf("main-invoker-0"))).toEqual(["nodejs:14", "nodejs:16", "nodejs:18", "nodejs:20", "nodejs:22"]);
});

test("kinds of the operator's own are known to controllers and invokers, by images that nobody builds", async () => {
  const image = { prefix: "openwhisk", name: "action-ruby-v2.5", tag: "nightly" };
  await make({ name: "shop", runtimes: ["python"], manifest: { runtimes: { ruby: [{ kind: "ruby:2.5", image }] } } });
  for (const part of ["main-controller-0", "main-invoker-0"]) {
    expect(manifestOf(part).runtimes.ruby).toEqual([{ kind: "ruby:2.5", image, default: true, deprecated: false }]);
    expect(manifestOf(part).runtimes).toHaveProperty("python");
  }
  expect(names(IMAGE).filter((name) => name.includes("runtime"))).toEqual(["main-runtime-python-3"]);
});

test("bases are arguments of the build, and part of what an image is made of", async () => {
  const build = (name: string) => (inputsOf(IMAGE, name).build as { buildArgs: unknown }).buildArgs;
  const builds = () => ["controller", "invoker", "runtime-nodejs-24", "runtime-nodejs-22", "runtime-python-3"].map((name) => build(`main-${name}`));
  await make({ name: "shop", images: { node: "mine/node", runtimes: { python: "mine/python" } } });
  expect(builds()).toEqual([{ BASE: "mine/node" }, { BASE: "mine/node" }, { BASE: "mine/node" }, { BASE: "node:22-slim" }, { BASE: "mine/python", NODE: "mine/node" }]);
  const tag = inputsOf(IMAGE, "main-controller").name;
  await record();
  await make({ name: "shop", images: { runtimes: { nodejs: "mine/node:24", "nodejs:22": "mine/node:22" } } });
  expect(builds()).toEqual([{}, {}, { BASE: "mine/node:24" }, { BASE: "mine/node:22" }, { BASE: "python:3.13-slim", NODE: "node:24-slim" }]);
  expect(inputsOf(IMAGE, "main-controller").name).not.toBe(tag);
});

test("servers that run already take the place of its own, and their URLs are secret", async () => {
  await make({ name: "shop", rabbitmq: { url: "amqp://me:s3cret@broker" }, mongodb: { url: pulumi.output("mongodb://me:s3cret@database"), database: "orders" } });
  expect(names("docker:index/volume:Volume")).toEqual([]);
  expect(names(CONTAINER)).not.toContain("main-rabbitmq");
  const config = JSON.parse(uploadsOf("main-controller-0")["/etc/stackwhisk/config.json"]!) as Record<string, unknown>;
  expect(config).toMatchObject({ rabbitmq: { url: "amqp://me:s3cret@broker" }, mongodb: { url: "mongodb://me:s3cret@database", database: "orders" } });
});

test("keys that are given are secret", async () => {
  await make({ auth: "23bc46b1-71f6-4ed5-8c54-816aa4f8c502:given", adminKey: "given" });
  const { auth, adminKey, namespace } = inputsOf("stackwhisk:index:PlatformKeys", "main");
  expect([revealed(auth), revealed(adminKey), namespace]).toEqual(["23bc46b1-71f6-4ed5-8c54-816aa4f8c502:given", "given", undefined]);
});

test("another engine is a provider of its own, and is watched there", async () => {
  await make({ dockerHost: "tcp://docker.example:2375" });
  expect(inputsOf("pulumi:providers:docker", "main")).toMatchObject({ host: "tcp://docker.example:2375" });
  expect(inputsOf("stackwhisk:index:ContainerReadiness", "main-api")).toMatchObject({ dockerHost: "tcp://docker.example:2375", url: "http://127.0.0.1:3235/health" });
});

describe("transform changes what a child is told:", () => {
  const VOLUME = "docker:index/volume:Volume";
  const NETWORK = "docker:index/network:Network";
  const READINESS = "stackwhisk:index:ContainerReadiness";
  const [label, memory, platform, url] = [{ labels: [{ label: "team", value: "shop" }] }, { memory: 512 }, { platform: "linux/arm64" }, { url: "http://127.0.0.1:1/ready" }];
  const cases: [keyof DockerTransforms, string, string[], object][] = [
    ["keys", "stackwhisk:index:PlatformKeys", ["main"], { namespace: "shop" }],
    ["platformNetwork", NETWORK, ["main-platform"], label],
    ["actionNetwork", NETWORK, ["main-actions"], { internal: true }],
    ["rabbitmqVolume", VOLUME, ["main-rabbitmq"], { driver: "nfs" }],
    ["mongodbVolume", VOLUME, ["main-mongodb"], { driver: "nfs" }],
    ["runtimeImage", IMAGE, ["main-runtime-nodejs-22", "main-runtime-nodejs-24", "main-runtime-python-3"], platform],
    ["actionContainers", "stackwhisk:index:ActionContainers", ["main-invoker-0", "main-invoker-1"], { dockerHost: "tcp://docker.example:2375" }],
    ...([["rabbitmq", "rabbitmq"], ["mongodb", "mongodb"], ["controller", "controller-0", "controller-1"], ["invoker", "invoker-0", "invoker-1"], ["loadBalancer", "api"]] as const).flatMap(([part, ...each]): typeof cases => {
      const all = each.map((name) => `main-${name}`);
      const image = `main-${part === "loadBalancer" ? "api" : part}`;
      return [[`${part}Image`, IMAGE, [image], platform], [`${part}Container`, CONTAINER, all, memory], [`${part}Readiness`, READINESS, all, url]];
    }),
  ];

  test("every one of them, by values", async () => {
    await make({ transform: Object.fromEntries(cases.map(([transform, , , values]) => [transform, values])) });
    for (const [, type, children, values] of cases) for (const child of children) expect([child, inputsOf(type, child)]).toEqual([child, expect.objectContaining(values)]);
    expect(cases.flatMap(([, type, children]) => children.map((child) => `${type} ${child}`)).sort()).toEqual(
      recorded.filter(({ type }) => type.startsWith("docker:") || type.startsWith("stackwhisk:index:")).map(({ type, name }) => `${type} ${name}`).sort(),
    );
  });

  test("every one of them, by functions, which get its options too", async () => {
    const seen: string[] = [];
    const transform = (name: string) => (args: object, opts: pulumi.CustomResourceOptions) => {
      Object.assign(args, cases.find(([one]) => one === name)![3]);
      if (opts.parent !== undefined) seen.push(name);
    };
    await make({ transform: Object.fromEntries(cases.map(([name]) => [name, transform(name)])) });
    for (const [, type, children, values] of cases) for (const child of children) expect([child, inputsOf(type, child)]).toEqual([child, expect.objectContaining(values)]);
    expect(seen.sort()).toEqual(cases.flatMap(([name, , children]) => children.map(() => name)).sort());
  });

  test("another way to build an image makes another image", async () => {
    const tag = async (transform: DockerTransforms) => {
      await record();
      await make({ name: "shop", transform });
      return String(inputsOf(IMAGE, "main-controller").name);
    };
    const usual = await tag({});
    const changed = await tag({ controllerImage: (args) => void (args.build = { ...(args.build as docker.types.input.RemoteImageBuild), buildArgs: { BASE: pulumi.output("mine/node") } }) });
    expect(changed).toMatch(/^shop\/controller:[0-9a-f]{16}$/);
    expect(changed).not.toBe(usual);
    expect(await tag({ controllerImage: { forceRemove: false } })).toBe(usual);
    expect(await tag({ controllerImage: { name: "mine/controller:1" } })).toBe("mine/controller:1");
  });
});

describe("arguments that make no platform are refused before anything is created", () => {
  test.each([
    ["an option of nothing", { prot: 1 }, '`prot` does not go with `target: "docker"`; its options are name, host, port,'],
    ["a name that Docker does not allow", { name: "Shop!" }, '`name`: expected up to 40 lower case letters, digits and -, beginning with a letter, got "Shop!"'],
    ["no controller", { controllers: 0 }, "`controllers`: expected a number of containers from 1 to 64, got 0"],
    ["invokers known only later", { invokers: pulumi.output(1) }, "`invokers` cannot be an output: it must be known when the program runs"],
    ["an amount that is none", { memory: "lots" }, '`memory`: expected an amount of memory such as "2048 MB"'],
    ["a language without a runtime", { runtimes: ["cobol"] }, '`runtimes`: expected a list of nodejs, nodejs:24, nodejs:22, python, swift, skeleton, got ["cobol"]'],
    ["a platform without any kind", { runtimes: [] }, "`runtimes`: expected a list of nodejs, nodejs:24, nodejs:22, python, swift, skeleton, got []"],
    ["a base of no runtime", { images: { runtimes: { "nodejs:20": "node:20" } } }, '`images.runtimes["nodejs:20"]`: there is no such runtime; there are nodejs, nodejs:24, nodejs:22, python, swift, skeleton'],
    ["kinds that are none", { manifest: { runtimes: { ruby: [{ kind: "php:8" }] } } }, '`manifest`: `runtimes.ruby[0].kind`: expected ruby:<version>, got "php:8"'],
    ["a broker that is there and is brought up", { rabbitmq: { url: "amqp://h", image: "i" } }, "only one of `rabbitmq.url` and `rabbitmq.image` can be given"],
    ["a URL of something else", { mongodb: { url: "amqp://h" } }, "`mongodb.url`: expected a URL such as mongodb://user:password@host:27017"],
    ["a server on the container itself", { rabbitmq: { url: "amqp://me:s3cret@127.0.0.1:5672" } }, "`rabbitmq.url`: in a container, 127.0.0.1 is the container itself"],
    ["a network of another size", { networks: { actions: "10.80.0.0/16" } }, "`networks.actions`: expected a network of /24 such as 10.80.2.0/24"],
    ["an unknown option of a server", { mongodb: { uri: "mongodb://h" } }, "`mongodb.uri`: there is no such option; there are url, database, image"],
  ])("%s", (_, args, message) => {
    const attempt = () => new Platform("main", { target: "docker", ...args } as PlatformArgs);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(pulumi.RunError);
    expect(attempt).not.toThrow(/s3cret/);
    expect(recorded).toEqual([]);
  });
});

test("a context that was not built is named, with what builds it", () => {
  rmSync(path.join(folder, "controller"), { recursive: true });
  expect(() => new Platform("main", { target: "docker", images: { contexts: folder } })).toThrow(`the build context of the image "controller" is missing in ${folder}: run \`npm run build\` first`);
});
