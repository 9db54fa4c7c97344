import * as pulumi from "@pulumi/pulumi";
import * as stackwhisk from "stackwhisk";

// Pulumi.yaml says what each setting means, Pulumi.<stack>.yaml what it is.
const config = new pulumi.Config();

const platform = new stackwhisk.Platform("platform", {
  target: config.require("target"),
  host: config.get("host"),
  port: config.getNumber("port"),
  dataDir: config.get("dataDir") || undefined,
  memory: config.get("memory"),
  idleTimeout: config.get("idleTimeout"),
  prewarm: config.getBoolean("prewarm"),
  logLevel: config.get("logLevel"),
});

export const apiHost = platform.apiHost;
export const auth = platform.auth;
