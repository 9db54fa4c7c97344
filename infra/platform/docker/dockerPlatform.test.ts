import { rmSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Platform } from "../platform";
import { addressesOf, within } from "./addresses";
import { CONTAINER, IMAGE, KEYS, NETWORK, Program, revealed, shown, valueOf, VOLUME } from "./testing/program";

const program = Program.ofEachTest();

test("is made of parts, each a component below the platform", async () => {
  await program.make();
  expect(program.recorded.filter(({ type }) => type.startsWith("stackwhisk:docker:")).map(({ type }) => type).sort()).toEqual(
    ["DockerPlatform", "RabbitMq", "MongoDb", "RuntimeImages", "Controller", "Invoker", "LoadBalancer"].map((name) => `stackwhisk:docker:${name}`).sort(),
  );
  expect(program.names("stackwhisk:index:PlatformKeys")).toEqual(["main"]);
  expect(program.names(NETWORK)).toEqual(["main-actions", "main-platform"]);
  expect(program.names(VOLUME)).toEqual(["main-mongodb", "main-rabbitmq"]);
  expect(program.names(CONTAINER)).toEqual(["main-api", "main-controller-0", "main-controller-1", "main-invoker-0", "main-invoker-1", "main-mongodb", "main-rabbitmq"]);
  expect(program.names("stackwhisk:index:ContainerReadiness")).toEqual(program.names(CONTAINER));
  expect(program.names(IMAGE)).toEqual(["main-api", "main-controller", "main-invoker", "main-mongodb", "main-rabbitmq", "main-runtime-nodejs-22", "main-runtime-nodejs-24", "main-runtime-python-3"]);
});

test("is made of the same resources with the same inputs each time", async () => {
  const once = async () => {
    await program.again({ memory: "1 GB" });
    return [...program.recorded].sort((a, b) => (a.type + a.name < b.type + b.name ? -1 : 1));
  };
  expect(await once()).toEqual(await once());
});

test("nothing on Docker has a name that another stack's platform has, and all of them are what Docker allows", async () => {
  await program.make();
  const all = program.recorded.filter(({ type }) => type.startsWith("docker:") && type !== IMAGE).map(({ inputs }) => String(inputs.name));
  const platform = all.find((name) => name.endsWith("-rabbitmq"))!.replace(/-rabbitmq$/, "");
  expect(platform).toMatch(/^shop-trial-[0-9a-f]{8}$/);
  expect(all.every((name) => name.startsWith(platform))).toBe(true);
});

test("the broker gets its password in a file, keeps its data on a volume and has no port outside", async () => {
  await program.make({ name: "shop" });
  expect(program.inputsOf(CONTAINER, "main-rabbitmq")).toMatchObject({
    name: "shop-rabbitmq",
    image: "sha256:rabbitmq:4",
    hostname: "rabbitmq",
    networksAdvanced: [{ name: "main-platform-id", ipv4Address: expect.stringMatching(/^10\.\d+\.\d+\.2$/) }],
    restart: "unless-stopped",
    stopTimeout: 60,
    destroyGraceSeconds: 60,
    volumes: [{ volumeName: "shop-rabbitmq", containerPath: "/var/lib/rabbitmq" }],
  });
  expect(program.inputsOf(CONTAINER, "main-rabbitmq")).not.toHaveProperty("ports");
  expect(program.uploadsOf("main-rabbitmq")).toEqual({ "/etc/rabbitmq/conf.d/90-stackwhisk.conf": "default_user = stackwhisk\ndefault_pass = rabbit-pw\n" });
});

test("times of health checks are written as the plugin reads them back, so that they are no changes", async () => {
  await program.make();
  const checks = program.names(CONTAINER).flatMap((name) => (program.inputsOf(CONTAINER, name).healthcheck as object | undefined) ?? []);
  expect(checks).toHaveLength(5);
  for (const check of checks) expect(check).toMatchObject({ interval: "10s", timeout: "5s", startPeriod: "1m0s", retries: 3 });
});

test("controllers and invokers get one configuration, in a file and as a secret", async () => {
  await program.make({ name: "shop", memory: "1 GB", idleTimeout: "2 minutes", retention: 60, prewarm: false, logLevel: "debug", limits: { firesPerMinute: 5 } });
  const controller = JSON.parse(program.uploadsOf("main-controller-0")["/etc/stackwhisk/config.json"]!) as Record<string, unknown>;
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
  expect(program.uploadsOf("main-controller-1")).toEqual(program.uploadsOf("main-controller-0"));
  const invoker = JSON.parse(program.uploadsOf("main-invoker-0")["/etc/stackwhisk/config.json"]!) as Record<string, unknown>;
  const { platform, gateway, invoker: loopback } = addressesOf("shop");
  expect(invoker).toEqual({ ...controller, adminHost: loopback(0), apiHost: `http://${gateway}:3235`, docker: { network: "shop-actions" } });
  expect(program.inputsOf(CONTAINER, "main-invoker-0")).toMatchObject({ networkMode: "host", hosts: [{ host: "shop-rabbitmq", ip: within(platform, 2) }, { host: "shop-mongodb", ip: within(platform, 3) }] });
});

test("no password or key is in what is not secret", async () => {
  await program.make({ name: "shop" });
  for (const secret of ["rabbit-pw", "mongo-pw", "signing", KEYS.auth]) expect(shown(program.recorded)).not.toContain(secret);
});

test("outputs say where the API is, with which keys, and which of that is secret", async () => {
  const platform = await program.make({ port: 4000 });
  expect([await valueOf(platform.apiHost), await valueOf(platform.auth), await valueOf(platform.adminKey)]).toEqual(["http://127.0.0.1:4000", KEYS.auth, KEYS.adminKey]);
  expect([await pulumi.isSecret(platform.apiHost), await pulumi.isSecret(platform.auth), await pulumi.isSecret(platform.adminKey)]).toEqual([false, true, true]);
});

test("only the load balancer has ports: one of the machine, and one for actions without the admin API", async () => {
  await program.make({ host: "192.0.2.1", port: 4000, name: "shop", controllers: 1 });
  expect(program.recorded.filter(({ inputs }) => inputs.ports !== undefined).map(({ name }) => name)).toEqual(["main-api"]);
  expect(program.inputsOf(CONTAINER, "main-api")).toMatchObject({
    ports: [
      { internal: 3233, external: 4000, ip: "192.0.2.1" },
      { internal: 3234, external: 4000, ip: addressesOf("shop").gateway },
    ],
    networkMode: "main-platform-id",
  });
  const config = program.uploadsOf("main-api")["/usr/local/etc/haproxy/haproxy.cfg"];
  expect(config).toContain("frontend actions\n  bind :3234\n  http-request deny deny_status 403 if { path,url_dec -i -m beg /admin }\n");
  expect(config).toContain("  server controller-0 shop-controller-0:3233\n");
});

test("actions are on a network of their own, on which they do not reach one another", async () => {
  await program.make({ name: "shop", networks: { actions: "10.80.9.0/24" } });
  expect(program.inputsOf(NETWORK, "main-actions")).toEqual({
    name: "shop-actions",
    ipamConfigs: [{ subnet: "10.80.9.0/24", gateway: "10.80.9.1" }],
    options: { "com.docker.network.bridge.enable_icc": "false" },
  });
});

test("what an invoker has made for actions, and Pulumi knows nothing of, goes with it", async () => {
  await program.make({ name: "shop", dockerHost: "unix:///run/docker.sock" });
  expect(program.names("stackwhisk:index:ActionContainers")).toEqual(["main-invoker-0", "main-invoker-1"]);
  const inputs = program.inputsOf("stackwhisk:index:ActionContainers", "main-invoker-1");
  expect(inputs).toEqual({ platform: "shop", invoker: "shop-invoker-1", network: "main-actions-id", dockerHost: "unix:///run/docker.sock" });
  expect(program.inputsOf(CONTAINER, "main-invoker-1").hostname).toBe(inputs.invoker);
});

test("two platforms have other addresses, the same one always the same", () => {
  expect(addressesOf("shop")).toEqual({ ...addressesOf("shop"), invoker: expect.any(Function) });
  expect(addressesOf("shop").platform).not.toBe(addressesOf("orders").platform);
  expect(addressesOf("shop").platform).not.toBe(addressesOf("shop").actions);
  expect(addressesOf("shop").invoker(0)).not.toBe(addressesOf("shop").invoker(1));
});

test("an image is named after what is in it, so that what has not changed is not built again", async () => {
  const tags = async () => {
    await program.again({ name: "shop" });
    return Object.fromEntries(["controller", "invoker", "runtime-nodejs-24"].map((name) => [name, program.inputsOf(IMAGE, `main-${name}`).name]));
  };
  const before = await tags();
  expect(before.controller).toMatch(/^shop\/controller:[0-9a-f]{16}$/);
  expect(program.inputsOf(CONTAINER, "main-controller-0").image).toBe(`sha256:${before.controller}`);
  program.context("invoker", "FROM scratch # changed");
  const after = await tags();
  expect(after).toEqual({ ...before, invoker: after.invoker });
  expect(after.invoker).not.toBe(before.invoker);
});

test("servers that run already take the place of its own, and their URLs are secret", async () => {
  await program.make({ name: "shop", rabbitmq: { url: "amqp://me:s3cret@broker" }, mongodb: { url: pulumi.output("mongodb://me:s3cret@database"), database: "orders" } });
  expect(program.names(VOLUME)).toEqual([]);
  expect(program.names(CONTAINER)).not.toContain("main-rabbitmq");
  const config = JSON.parse(program.uploadsOf("main-controller-0")["/etc/stackwhisk/config.json"]!) as Record<string, unknown>;
  expect(config).toMatchObject({ rabbitmq: { url: "amqp://me:s3cret@broker" }, mongodb: { url: "mongodb://me:s3cret@database", database: "orders" } });
});

test("keys that are given are secret", async () => {
  await program.make({ auth: "23bc46b1-71f6-4ed5-8c54-816aa4f8c502:given", adminKey: "given" });
  const { auth, adminKey, namespace } = program.inputsOf("stackwhisk:index:PlatformKeys", "main");
  expect([revealed(auth), revealed(adminKey), namespace]).toEqual(["23bc46b1-71f6-4ed5-8c54-816aa4f8c502:given", "given", undefined]);
});

test("another engine is a provider of its own, and is watched there", async () => {
  await program.make({ dockerHost: "tcp://docker.example:2375" });
  expect(program.inputsOf("pulumi:providers:docker", "main")).toMatchObject({ host: "tcp://docker.example:2375" });
  expect(program.inputsOf("stackwhisk:index:ContainerReadiness", "main-api")).toMatchObject({ dockerHost: "tcp://docker.example:2375", url: "http://127.0.0.1:3235/health" });
});

test("a context that was not built is named, with what builds it", () => {
  rmSync(path.join(program.folder, "controller"), { recursive: true });
  expect(() => new Platform("main", { target: "docker", images: { contexts: program.folder } })).toThrow(`the build context of the image "controller" is missing in ${program.folder}: run \`npm run build\` first`);
});
