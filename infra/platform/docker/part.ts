import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { applyTransform, type Transform } from "../transform";
import { ContainerReadiness, type ContainerReadinessArgs } from "./readiness";

/** What every part of a platform on Docker is told. */
export interface PartArgs {
  /** Begins the names of all that is made on Docker: lower case letters, digits and `-`. */
  platform: string;
  /** The engine, in the form of `DOCKER_HOST`, for what watches containers. */
  dockerHost?: pulumi.Input<string>;
  /** What has to be ready before its containers are made. */
  after?: pulumi.Resource[];
}

/** Changes to what a part passes to its children. */
export interface PartTransforms {
  image?: Transform<docker.RemoteImageArgs>;
  /** Each, if there are several. */
  container?: Transform<docker.ContainerArgs>;
  /** What waits for it: each, if there are several. */
  readiness?: Transform<ContainerReadinessArgs>;
}

/** Docker counts containers by this label, and people find those of a platform by it. */
const LABEL = "stackwhisk.platform";
/** Logs are bounded: nobody else looks after them. */
const LOG = { logDriver: "json-file", logOpts: { "max-size": "10m", "max-file": "3" } };

/**
 * A health check that only opens a connection: bash has the means, and every image of these servers has bash. Its times are written
 * as the plugin reads them back; another way to write the same would be a change each time.
 */
export const opens = (host: string, port: number): docker.types.input.ContainerHealthcheck => ({
  tests: ["CMD", "bash", "-c", `exec 3<>/dev/tcp/${host}/${port}`],
  interval: "10s",
  timeout: "5s",
  startPeriod: "1m0s",
  retries: 3,
});

/** A health check that asks an URL with Node. */
export const answers = (url: string): docker.types.input.ContainerHealthcheck => ({
  ...opens("", 0),
  tests: ["CMD", "node", "-e", `fetch("${url}").then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`],
});

export interface ContainerOptions {
  /** Seconds that it may take to end in order. */
  stopTimeout: number;
  transform?: Transform<docker.ContainerArgs>;
  opts: pulumi.CustomResourceOptions;
}

/**
 * A container of a platform: it comes back by itself, has a name of its own, and time to end. A change replaces it: the old one
 * goes first, because both would have the same name and perhaps the same port.
 */
export function container(name: string, platform: string, args: docker.ContainerArgs & { name: string; image: pulumi.Input<string> }, options: ContainerOptions): docker.Container {
  const { stopTimeout, transform, opts } = options;
  const standard = {
    restart: "unless-stopped",
    init: true,
    stopTimeout,
    destroyGraceSeconds: stopTimeout,
    labels: [{ label: LABEL, value: platform }],
    ...LOG,
  };
  const [changed, changedOpts] = applyTransform(transform, { ...standard, ...args }, opts);
  return new docker.Container(name, changed, pulumi.mergeOptions({ deleteBeforeReplace: true, additionalSecretOutputs: ["uploads"] }, changedOpts));
}

export interface ReadinessOptions {
  url?: pulumi.Input<string>;
  dockerHost?: pulumi.Input<string>;
  transform?: PartTransforms;
}

/** What comes after a container waits until it does its work. */
export function whenReady(name: string, of: docker.Container, { url, dockerHost, transform }: ReadinessOptions, opts: pulumi.CustomResourceOptions): ContainerReadiness {
  return new ContainerReadiness(name, ...applyTransform<ContainerReadinessArgs>(transform?.readiness, { container: of.id, url, dockerHost }, opts));
}
