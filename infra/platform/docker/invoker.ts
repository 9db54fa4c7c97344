import { statSync } from "node:fs";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { applyTransform, type Transform } from "../transform";
import { ActionContainers, type ActionContainersArgs } from "./actionContainers";
import { ownContext } from "./contexts";
import { builtImage } from "./image";
import { answers, container, type PartArgs, type PartTransforms, whenReady } from "./part";
import { ADMIN_PORT, CONFIG_FILE, MANIFEST_FILE } from "./serviceConfig";

export interface InvokerArgs extends PartArgs {
  /** How many, from 1. */
  replicas: number;
  /** The network of the actions, which need not let them reach one another. */
  actions: docker.Network;
  /** Names in the configuration, and their addresses: on the machine's network Docker resolves none. */
  hosts?: Readonly<Record<string, string>>;
  /** Loopback address at which each tells how it is, on a port that all of them have. */
  adminHost(index: number): string;
  /** The configuration: see `serviceConfig`. What is the invokers' own is added. */
  config: pulumi.Input<Record<string, unknown>>;
  /** URL at which actions reach the REST API. */
  apiHost: pulumi.Input<string>;
  /** The kinds of actions and their images: the text of `manifest.json`. */
  manifest: pulumi.Input<string>;
  /**
   * Socket of the Docker engine on the machine where that runs.
   *
   * @default `"/var/run/docker.sock"`
   */
  socket?: string;
  /**
   * Id of the group that may use the socket.
   *
   * @default that of the file, if it is one of this machine; else 0
   */
  socketGroup?: number;
  /**
   * The image that its own is built on: one with Node 24 on its path.
   *
   * @default the Dockerfile's: the official one
   */
  base?: string;
  /** Folder of the build contexts. @default where `npm run build` puts them */
  contexts?: string;
  /** Changes to what the component passes to its children. */
  transform?: PartTransforms & { /** Each of them. */ actionContainers?: Transform<ActionContainersArgs> };
}

const SOCKET = "/var/run/docker.sock";
/** Seconds: what runs when an invoker is asked to end has a minute, and then its containers have to go. */
const STOP_TIMEOUT = 90;

/**
 * Invokers: they run actions, each in a container of its own on the network of the actions. They are on the network of the
 * engine's machine, because only that reaches containers which do not reach one another.
 */
export class Invoker extends pulumi.ComponentResource {
  /** The name of each on the network. */
  readonly hosts: string[];
  /** What depends on these comes when all of them serve. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: InvokerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stackwhisk:docker:Invoker", name, {}, opts);
    this.hosts = Array.from({ length: args.replicas }, (_, index) => `${args.platform}-invoker-${index}`);

    const image = createImage(this, name, args);
    this.ready = createReplicas(this, name, this.hosts, image, args);

    this.registerOutputs({ hosts: this.hosts });
  }
}

function createImage(parent: Invoker, name: string, { platform, base, contexts, transform }: InvokerArgs): docker.RemoteImage {
  const buildArgs: Record<string, string> = base === undefined ? {} : { BASE: base };
  return builtImage(`${name}-invoker`, { context: ownContext("invoker", contexts), repository: `${platform}/invoker`, buildArgs, transform: transform?.image }, { parent });
}

function createReplicas(parent: Invoker, name: string, hosts: readonly string[], image: docker.RemoteImage, args: InvokerArgs): pulumi.Resource[] {
  const { socket = SOCKET, socketGroup = groupOf(socket), actions, config, apiHost, manifest } = args;
  const own = (adminHost: string) =>
    pulumi.all([config, apiHost, actions.name]).apply(([shared, url, network]) => ({ ...shared, adminHost, apiHost: url, docker: { network } }));
  const ready: pulumi.Resource[] = [];
  for (const [index, host] of hosts.entries()) {
    const resource = `${name}-invoker-${index}`;
    const adminHost = args.adminHost(index);
    const ofActions = actionContainers(parent, resource, host, args);
    const options = { stopTimeout: STOP_TIMEOUT, transform: args.transform?.container, opts: { parent, dependsOn: [ofActions, ...(args.after ?? []), ...ready.slice(-1)] } };
    const replica = container(
      resource,
      args.platform,
      {
        name: host,
        image: image.imageId,
        hostname: host,
        networkMode: "host",
        hosts: Object.entries(args.hosts ?? {}).map(([name, ip]) => ({ host: name, ip })),
        healthcheck: answers(`http://${adminHost}:${ADMIN_PORT}/ready`),
        // Whoever may use the engine may do anything on its machine: no action gets that.
        volumes: [{ hostPath: socket, containerPath: SOCKET }],
        groupAdds: [String(socketGroup)],
        uploads: [
          { file: CONFIG_FILE, content: pulumi.secret(pulumi.jsonStringify(own(adminHost))), permissions: "0444" },
          { file: MANIFEST_FILE, content: manifest, permissions: "0444" },
        ],
      },
      options,
    );
    ready.push(whenReady(resource, replica, args, { parent }));
  }
  return ready;
}

/** They go after their invoker, and before their network. */
function actionContainers(parent: Invoker, name: string, invoker: string, { platform, dockerHost, actions, transform }: InvokerArgs): ActionContainers {
  return new ActionContainers(name, ...applyTransform<ActionContainersArgs>(transform?.actionContainers, { platform, invoker, network: actions.id, dockerHost }, { parent }));
}

function groupOf(socket: string): number {
  return process.platform === "linux" ? (statSync(socket, { throwIfNoEntry: false })?.gid ?? 0) : 0;
}
