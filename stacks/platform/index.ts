import * as pulumi from "@pulumi/pulumi";
import * as stackwhisk from "stackwhisk";

// Pulumi.yaml says what each setting means, Pulumi.<stack>.yaml what it is.
const config = new pulumi.Config();

const target = config.require<"local" | "cluster">("target");
const options: stackwhisk.LocalPlatformArgs = {
  host: config.get("host"),
  port: config.getNumber("port"),
  dataDir: config.get("dataDir") || undefined,
  memory: config.get("memory"),
  idleTimeout: config.get("idleTimeout"),
  retention: config.get("retention"),
  prewarm: config.getBoolean("prewarm"),
  logLevel: config.get("logLevel"),
  allowSharedProcesses: config.getBoolean("allowSharedProcesses"),
};

// Several processes need servers between them; one has all in itself.
const distributed = {
  rabbitmq: { url: config.requireSecret("rabbitmqUrl") },
  mongodb: { url: config.requireSecret("mongodbUrl") },
  name: config.get("name") || undefined,
  controllers: config.getNumber("controllers"),
  invokers: config.getNumber("invokers"),
};

const platform = new stackwhisk.Platform("platform", target === "cluster" ? { target, ...options, ...distributed } : { target, ...options });

export const apiHost = platform.apiHost;
export const auth = platform.auth;
export const adminKey = platform.adminKey;
