import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { ownContext } from "./contexts";
import { builtImage } from "./image";
import { container, type PartArgs, type PartTransforms, whenReady } from "./part";
import { CONFIG_FILE, MANIFEST_FILE } from "./serviceConfig";

export interface ControllerArgs extends PartArgs {
  /** How many, from 1. */
  replicas: number;
  /** Id of the network on which broker, database and invokers are. */
  network: pulumi.Input<string>;
  /** The configuration: see `serviceConfig`. */
  config: pulumi.Input<Record<string, unknown>>;
  /** The kinds of actions that there are: the text of `manifest.json`. */
  manifest: pulumi.Input<string>;
  /**
   * The image that its own is built on: one with Node 24 on its path.
   *
   * @default the Dockerfile's: the official one
   */
  base?: string;
  /** Folder of the build contexts. @default where `npm run build` puts them */
  contexts?: string;
  /** Changes to what the component passes to its children. */
  transform?: PartTransforms;
}

/** Seconds: a controller that is asked to end has a minute for the work that it has in hand. */
const STOP_TIMEOUT = 75;

/** Controllers: the REST API. They are replaced one after the other, so that there is always one if there are two. */
export class Controller extends pulumi.ComponentResource {
  /** The name of each on the network. */
  readonly hosts: string[];
  /** What depends on these comes when all of them serve. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: ControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stackwhisk:docker:Controller", name, {}, opts);
    this.hosts = Array.from({ length: args.replicas }, (_, index) => `${args.platform}-controller-${index}`);

    const image = createImage(this, name, args);
    this.ready = createReplicas(this, name, this.hosts, image, args);

    this.registerOutputs({ hosts: this.hosts });
  }
}

function createImage(parent: Controller, name: string, { platform, base, contexts, transform }: ControllerArgs): docker.RemoteImage {
  const buildArgs: Record<string, string> = base === undefined ? {} : { BASE: base };
  return builtImage(`${name}-controller`, { context: ownContext("controller", contexts), repository: `${platform}/controller`, buildArgs, transform: transform?.image }, { parent });
}

function createReplicas(parent: Controller, name: string, hosts: readonly string[], image: docker.RemoteImage, args: ControllerArgs): pulumi.Resource[] {
  const ready: pulumi.Resource[] = [];
  for (const [index, host] of hosts.entries()) {
    const own = `${name}-controller-${index}`;
    const options = { stopTimeout: STOP_TIMEOUT, transform: args.transform?.container, opts: { parent, dependsOn: [...(args.after ?? []), ...ready.slice(-1)] } };
    const replica = container(
      own,
      args.platform,
      {
        name: host,
        image: image.imageId,
        hostname: host,
        networkMode: args.network,
        uploads: [
          { file: CONFIG_FILE, content: pulumi.secret(pulumi.jsonStringify(args.config)), permissions: "0444" },
          { file: MANIFEST_FILE, content: args.manifest, permissions: "0444" },
        ],
      },
      options,
    );
    ready.push(whenReady(own, replica, args, { parent }));
  }
  return ready;
}
