import * as pulumi from "@pulumi/pulumi";
import * as stackwhisk from "stackwhisk";

// Pulumi.yaml says what each setting means, Pulumi.<stack>.yaml what it is.
const config = new pulumi.Config();

const target = config.require<"local" | "cluster" | "docker">("target");
const common = {
  host: config.get("host"),
  port: config.getNumber("port"),
  memory: config.get<stackwhisk.Size>("memory"),
  idleTimeout: config.get<stackwhisk.Duration>("idleTimeout"),
  retention: config.get<stackwhisk.Duration>("retention"),
  prewarm: config.getBoolean("prewarm"),
  logLevel: config.get<"info">("logLevel"),
};

// On this machine.
const background = { ...common, dataDir: config.get("dataDir") || undefined, allowSharedProcesses: config.getBoolean("allowSharedProcesses") };

// Several processes need servers between them; one has all in itself.
const several = { name: config.get("name") || undefined, controllers: config.getNumber("controllers"), invokers: config.getNumber("invokers") };
const servers = { rabbitmq: { url: config.requireSecret("rabbitmqUrl") }, mongodb: { url: config.requireSecret("mongodbUrl") } };

// Docker brings its own servers where none are given.
const given = (name: string) => (config.get(name) ? config.requireSecret(name) : undefined);
const image = (name: string) => config.get(name) || undefined;
const containers = {
  ...several,
  rabbitmq: { url: given("rabbitmqUrl"), image: image("rabbitmqImage") },
  mongodb: { url: given("mongodbUrl"), image: image("mongodbImage") },
  images: { node: image("nodeImage"), loadBalancer: image("loadBalancerImage"), runtimes: config.getObject<stackwhisk.DockerImages["runtimes"]>("runtimeImages") },
  runtimes: config.getObject<stackwhisk.Runtime[]>("runtimes"),
  manifest: config.get("manifest") || undefined,
  dockerHost: config.get("dockerHost") || undefined,
  dockerSocket: config.get("dockerSocket"),
  auth: given("authKey"),
  adminKey: given("adminKey"),
};

const targets = {
  local: () => new stackwhisk.Platform("platform", { target: "local", ...background }),
  cluster: () => new stackwhisk.Platform("platform", { target: "cluster", ...background, ...several, ...servers }),
  docker: () => new stackwhisk.Platform("platform", { target: "docker", ...common, ...containers }),
};
// What there is not is named by the component.
const platform = (targets[target] ?? (() => new stackwhisk.Platform("platform", { target: target as "local" })))();

export const apiHost = platform.apiHost;
export const auth = platform.auth;
export const adminKey = platform.adminKey;
