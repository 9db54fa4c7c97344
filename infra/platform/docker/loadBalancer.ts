import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { haproxyConfig } from "./haproxy";
import { pulledImage } from "./image";
import { container, opens, type PartArgs, type PartTransforms, whenReady } from "./part";
import { API_PORT } from "./serviceConfig";

export interface LoadBalancerArgs extends PartArgs {
  /** Id of the network on which the controllers are. */
  network: pulumi.Input<string>;
  /** Address of the engine's machine in the network of the actions: there they reach the API without its admin side. */
  gateway?: pulumi.Input<string>;
  /** Names of the controllers. */
  controllers: readonly string[];
  /** Address of this machine to listen on. */
  host: pulumi.Input<string>;
  /** TCP port of this machine. */
  port: pulumi.Input<number>;
  /**
   * The image, with its tag or digest.
   *
   * @default `"haproxy:3.2"`
   */
  image?: string;
  /** Changes to what the component passes to its children. */
  transform?: PartTransforms;
}

export const LOAD_BALANCER_IMAGE = "haproxy:3.2";
const CONFIG_FILE = "/usr/local/etc/haproxy/haproxy.cfg";
/** Seconds: requests that it forwards may take a minute. */
const STOP_TIMEOUT = 75;
/** In its container: the API without its admin side. */
const ACTIONS_PORT = 3234;
const WILDCARDS = ["0.0.0.0", "::"];

/** The one address of all controllers. It keeps the port while any of them is replaced, and keeps the admin API from actions. */
export class LoadBalancer extends pulumi.ComponentResource {
  /** URL of the REST API on this machine, once it serves. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stackwhisk:docker:LoadBalancer", name, {}, opts);
    const host = `${args.platform}-api`;

    const image = pulledImage(`${name}-api`, args.image ?? LOAD_BALANCER_IMAGE, args.transform?.image, { parent: this });
    const balancer = createContainer(this, name, host, image, args);
    const url = pulumi.output([args.host, args.port] as const).apply(([address, port]) => urlOf(address, port));
    const ready = whenReady(`${name}-api`, balancer, { ...args, url: pulumi.interpolate`${url}/health` }, { parent: this });

    this.url = pulumi.all([url, ready.ready]).apply(([known]) => known);
    this.registerOutputs({ url: this.url });
  }
}

/** Who listens on all addresses is called on the loopback one. */
export function urlOf(address: string, port: number): string {
  const called = { "0.0.0.0": "127.0.0.1", "::": "::1" }[address] ?? address;
  return `http://${called.includes(":") ? `[${called}]` : called}:${port}`;
}

function createContainer(parent: LoadBalancer, name: string, host: string, image: docker.RemoteImage, args: LoadBalancerArgs): docker.Container {
  const ports = pulumi.all([args.host, args.port, args.gateway]).apply(([address, external, gateway]) => [
    { internal: API_PORT, external, ip: address },
    // Who listens on all addresses listens on that one too.
    ...(gateway === undefined || WILDCARDS.includes(address) ? [] : [{ internal: ACTIONS_PORT, external, ip: gateway }]),
  ]);
  return container(
    `${name}-api`,
    args.platform,
    {
      name: host,
      image: image.imageId,
      command: ["haproxy", "-W", "-db", "-f", CONFIG_FILE],
      networkMode: args.network,
      ports,
      uploads: [{ file: CONFIG_FILE, content: haproxyConfig({ controllers: args.controllers, port: API_PORT, actionsPort: ACTIONS_PORT }), permissions: "0444" }],
      // In order: what is being forwarded is finished.
      stopSignal: "SIGUSR1",
      healthcheck: opens("127.0.0.1", API_PORT),
    },
    { stopTimeout: STOP_TIMEOUT, transform: args.transform?.container, opts: { parent, dependsOn: args.after } },
  );
}
