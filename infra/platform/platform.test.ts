import * as pulumi from "@pulumi/pulumi";
import { Platform, type PlatformArgs } from "./platform";

interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const COMPONENT = "stackwhisk:platform:Platform";
const CHILD = "stackwhisk:index:LocalPlatform";
const CLUSTER = "stackwhisk:index:ClusterPlatform";
let recorded: Recorded[] = [];

beforeEach(async () => {
  recorded = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        recorded.push({ type, name, inputs });
        return { id: `${name}-id`, state: { ...inputs, apiHost: "http://127.0.0.1:4000", auth: "uuid:key", logFile: "platform.log", running: true } };
      },
      call: () => ({}),
    },
    "shop",
    "trial",
  );
});

const valueOf = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

/** Makes a platform and waits until all of it has been registered. */
async function make(args: PlatformArgs): Promise<Platform> {
  const platform = new Platform("main", args);
  await valueOf(platform.apiHost);
  return platform;
}

test("target local is one component with one local platform in it, told exactly what the program says", async () => {
  const platform = await make({ target: "local", port: 4000, memory: "1 GB", idleTimeout: "2 minutes", prewarm: false });
  expect(recorded).toEqual([
    { type: COMPONENT, name: "main", inputs: {} },
    { type: CHILD, name: "main", inputs: { port: 4000, memory: "1 GB", idleTimeout: "2 minutes", prewarm: false } },
  ]);
  expect(await valueOf(platform.apiHost)).toBe("http://127.0.0.1:4000");
});

test("no option is made up when the program gives none", async () => {
  await make({ target: "local" });
  expect(recorded.find(({ type }) => type === CHILD)?.inputs).toEqual({});
});

test("the child hangs below the component", async () => {
  const platform = await make({ target: "local" });
  const urn = await valueOf(platform.urn);
  expect(urn).toBe(`urn:pulumi:trial::shop::${COMPONENT}::main`);
  // The type of the parent is part of a child's URN.
  const child = await valueOf((platform as unknown as { __childResources: Set<pulumi.Resource> }).__childResources.values().next().value!.urn);
  expect(child).toBe(`urn:pulumi:trial::shop::${COMPONENT}$${CHILD}::main`);
});

test("auth is a secret, apiHost is none", async () => {
  const platform = await make({ target: "local" });
  expect(await pulumi.isSecret(platform.auth)).toBe(true);
  expect(await pulumi.isSecret(platform.apiHost)).toBe(false);
  expect(await valueOf(platform.auth)).toBe("uuid:key");
});

test("transform puts values over the child's arguments", async () => {
  await make({ target: "local", port: 4000, transform: { localPlatform: { port: 5000, logLevel: "debug" } } });
  expect(recorded.find(({ type }) => type === CHILD)?.inputs).toEqual({ port: 5000, logLevel: "debug" });
});

test("transform as a function changes arguments and options, and not what the program holds", async () => {
  const args: PlatformArgs = { target: "local", port: 4000, transform: { localPlatform: (child, opts) => ((child.port = 5000), (opts.protect = true), undefined) } };
  const platform = await make(args);
  const child = (platform as unknown as { __childResources: Set<pulumi.Resource> }).__childResources.values().next().value;
  expect((child as unknown as { __protect: boolean }).__protect).toBe(true);
  expect(recorded.find(({ type }) => type === CHILD)?.inputs).toEqual({ port: 5000 });
  expect(args.port).toBe(4000);
});

describe("target cluster", () => {
  const servers = { rabbitmq: { url: "amqp://me:pw@broker" }, mongodb: { url: "mongodb://me:pw@database", database: "shop" } };
  /** How a secret arrives at the engine. */
  const secret = (value: unknown) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });
  const inputs = () => recorded.find(({ type }) => type === CLUSTER)?.inputs;

  test("is one component with one cluster platform in it, told exactly what the program says; where its servers are is secret", async () => {
    await make({ target: "cluster", ...servers, name: "shop", controllers: 1, invokers: 3, retention: "2 days", limits: { firesPerMinute: 60 } });
    expect(recorded).toEqual([
      { type: COMPONENT, name: "main", inputs: {} },
      {
        type: CLUSTER,
        name: "main",
        inputs: {
          rabbitmq: secret(servers.rabbitmq),
          mongodb: secret(servers.mongodb),
          name: "shop",
          controllers: 1,
          invokers: 3,
          retention: "2 days",
          limits: { firesPerMinute: 60 },
        },
      },
    ]);
  });

  test("servers that are known only later are secret too", async () => {
    await make({ target: "cluster", rabbitmq: pulumi.output(servers.rabbitmq), mongodb: Promise.resolve(servers.mongodb) });
    expect(inputs()).toEqual({ rabbitmq: secret(servers.rabbitmq), mongodb: secret(servers.mongodb) });
  });

  test("transform puts values over the child's arguments", async () => {
    await make({ target: "cluster", ...servers, invokers: 3, transform: { clusterPlatform: { invokers: 5 } } });
    expect(inputs()).toMatchObject({ invokers: 5 });
  });
});

describe("arguments that make no platform are refused before anything is created", () => {
  test.each([
    ["no arguments", undefined, 'Platform "main": `target` is required; the targets are "local", "cluster"'],
    ["no target", { port: 4000 }, 'Platform "main": `target` is required; the targets are "local", "cluster"'],
    ["a target that there is not", { target: "moon" }, 'Platform "main": `target` cannot be "moon"; the targets are "local", "cluster"'],
    ["a target known only later", { target: pulumi.output("local") }, "`target` cannot be an output: it must be known when the program runs"],
    ["an option of nothing", { target: "local", prot: 1 }, '`prot` does not go with `target: "local"`; its options are host, port,'],
    ["no broker", { target: "cluster", mongodb: { url: "mongodb://h" } }, 'Platform "main": `rabbitmq.url` is required with `target: "cluster"`'],
    ["no URL of the database", { target: "cluster", rabbitmq: { url: "amqp://h" }, mongodb: { database: "shop" } }, '`mongodb.url` is required with `target: "cluster"`'],
    ["an empty URL", { target: "cluster", rabbitmq: { url: "" }, mongodb: { url: "mongodb://h" } }, "`rabbitmq.url` is required"],
    ["an option of another target", { target: "local", rabbitmq: { url: "amqp://…" } }, '`rabbitmq` does not go with `target: "local"`'],
  ])("%s", (_, args, message) => {
    expect(() => new Platform("main", args as PlatformArgs)).toThrow(message);
    expect(() => new Platform("main", args as PlatformArgs)).toThrow(pulumi.RunError);
    expect(recorded).toEqual([]);
  });
});
