import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { applyTransform, type Transform } from "../transform";
import { type Addresses, addressesOf } from "./addresses";
import { Controller } from "./controller";
import { checkDockerArgs, defaultPlatformName } from "./dockerArgs";
import type { DockerPlatformArgs } from "./dockerTarget";
import { Invoker } from "./invoker";
import { PlatformKeys, type PlatformKeysArgs } from "./keys";
import { LoadBalancer, urlOf } from "./loadBalancer";
import { MongoDb } from "./mongoDb";
import { RabbitMq } from "./rabbitMq";
import { RuntimeImages } from "./runtimeImages";
import { type ServiceConfig, serviceConfig } from "./serviceConfig";

const DEFAULTS = { host: "127.0.0.1", port: 3235, controllers: 2, invokers: 2, runtimes: ["nodejs", "python"] } as const;

/** A server that the platform needs: where it is, and what comes only after it. */
interface Server {
  url: pulumi.Input<string>;
  ready: pulumi.Resource[];
}

/** What all parts of one platform have in common. */
interface Common {
  name: string;
  args: DockerPlatformArgs;
  /** Begins the names on Docker. */
  platform: string;
  addresses: Addresses;
  opts: pulumi.CustomResourceOptions;
}

/**
 * The platform on a Docker engine: RabbitMQ and MongoDB (or others that run already), controllers behind one port, invokers, and
 * the images in which actions run, each in a container of its own.
 *
 * Most programs want the {@link Platform} component, which has this as its child.
 *
 * @example
 * ```ts
 * const platform = new stackwhisk.DockerPlatform("platform", { invokers: 3, memory: "4 GB" });
 * export const apiHost = platform.apiHost;
 * ```
 */
export class DockerPlatform extends pulumi.ComponentResource {
  /** URL of the REST API, such as `http://127.0.0.1:3235`. */
  readonly apiHost: pulumi.Output<string>;
  /** The namespace's key, `uuid:key`; a secret. */
  readonly auth: pulumi.Output<string>;
  /** Opens the admin API, for namespaces, their keys and limits: `adminKey` of a `Provider`; a secret. */
  readonly adminKey: pulumi.Output<string>;

  constructor(name: string, args: DockerPlatformArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    checkDockerArgs(args, (reason) => new pulumi.RunError(`DockerPlatform "${name}": ${reason}`));
    super("stackwhisk:docker:DockerPlatform", name, {}, opts);

    const platform = args.name ?? defaultPlatformName();
    const common = { name, args, platform, addresses: addressesOf(platform, args.networks), opts: { parent: this, provider: createProvider(this, name, args) } };
    const keys = createKeys(this, name, args);
    const networks = createNetworks(common);
    const rabbitmq = createRabbitMq(common, networks, keys);
    const mongodb = createMongoDb(common, networks, keys);
    const runtimes = createRuntimeImages(common);
    const config = serviceConfig({ name: platform, keys, rabbitmq, mongodb: { url: mongodb.url, database: args.mongodb?.database }, options: args });
    const servers = [...rabbitmq.ready, ...mongodb.ready];
    const controller = createController(common, networks, runtimes, config, servers);
    const invoker = createInvoker(common, networks, runtimes, config, servers);
    const loadBalancer = createLoadBalancer(common, networks, controller);

    this.apiHost = pulumi.all([loadBalancer.url, pulumi.output(invoker.ready).apply((all) => all.length)]).apply(([url]) => url);
    this.auth = pulumi.secret(keys.auth);
    this.adminKey = pulumi.secret(keys.adminKey);
    this.registerOutputs({ apiHost: this.apiHost, auth: this.auth, adminKey: this.adminKey });
  }
}

interface Networks {
  /** Of broker, database, controllers and invokers. */
  platform: docker.Network;
  /** Of actions, and what they may reach. */
  actions: docker.Network;
}

function createProvider(parent: DockerPlatform, name: string, { dockerHost }: DockerPlatformArgs): docker.Provider | undefined {
  return dockerHost === undefined ? undefined : new docker.Provider(name, { host: dockerHost }, { parent });
}

function createKeys(parent: DockerPlatform, name: string, { namespace, auth, adminKey, transform }: DockerPlatformArgs): PlatformKeys {
  return new PlatformKeys(name, ...applyTransform<PlatformKeysArgs>(transform?.keys, { namespace, auth, adminKey }, { parent }));
}

function createNetworks({ name, platform, addresses, args: { transform }, opts }: Common): Networks {
  const network = (role: string, args: docker.NetworkArgs, change: Transform<docker.NetworkArgs> | undefined) => new docker.Network(`${name}-${role}`, ...applyTransform(change, args, opts));
  const own: docker.NetworkArgs = { name: platform, ipamConfigs: [{ subnet: addresses.platform }] };
  // Actions do not reach one another: each would answer to whoever asks it to run.
  const apart = { "com.docker.network.bridge.enable_icc": "false" };
  const actions: docker.NetworkArgs = { name: `${platform}-actions`, ipamConfigs: [{ subnet: addresses.actions, gateway: addresses.gateway }], options: apart };
  return { platform: network("platform", own, transform?.platformNetwork), actions: network("actions", actions, transform?.actionNetwork) };
}

function createRabbitMq({ name, platform, addresses, args, opts }: Common, networks: Networks, keys: PlatformKeys): Server {
  if (args.rabbitmq?.url !== undefined) return { url: pulumi.secret(args.rabbitmq.url), ready: [] };
  const { rabbitmqImage: image, rabbitmqVolume: volume, rabbitmqContainer: container, rabbitmqReadiness: readiness } = args.transform ?? {};
  const own = new RabbitMq(
    `${name}-rabbitmq`,
    { platform, dockerHost: args.dockerHost, network: networks.platform.id, address: addresses.rabbitmq, password: keys.rabbitmqPassword, image: args.rabbitmq?.image, transform: { image, volume, container, readiness } },
    childOf(opts),
  );
  return { url: own.url, ready: [own.ready] };
}

function createMongoDb({ name, platform, addresses, args, opts }: Common, networks: Networks, keys: PlatformKeys): Server {
  if (args.mongodb?.url !== undefined) return { url: pulumi.secret(args.mongodb.url), ready: [] };
  const { mongodbImage: image, mongodbVolume: volume, mongodbContainer: container, mongodbReadiness: readiness } = args.transform ?? {};
  const own = new MongoDb(
    `${name}-mongodb`,
    { platform, dockerHost: args.dockerHost, network: networks.platform.id, address: addresses.mongodb, password: keys.mongodbPassword, image: args.mongodb?.image, transform: { image, volume, container, readiness } },
    childOf(opts),
  );
  return { url: own.url, ready: [own.ready] };
}

function createRuntimeImages({ name, platform, args, opts }: Common): RuntimeImages {
  const bases = { node: args.images?.node, ...args.images?.runtimes };
  return new RuntimeImages(name, { platform, runtimes: args.runtimes ?? DEFAULTS.runtimes, bases, manifest: args.manifest, contexts: args.images?.contexts, transform: { image: args.transform?.runtimeImage } }, childOf(opts));
}

function createController({ name, platform, args, opts }: Common, networks: Networks, { kinds }: RuntimeImages, config: pulumi.Output<ServiceConfig>, servers: pulumi.Resource[]): Controller {
  const { controllerImage, controllerContainer, controllerReadiness } = args.transform ?? {};
  return new Controller(
    name,
    {
      platform,
      dockerHost: args.dockerHost,
      after: servers,
      replicas: args.controllers ?? DEFAULTS.controllers,
      network: networks.platform.id,
      config,
      manifest: kinds,
      base: args.images?.node,
      contexts: args.images?.contexts,
      transform: { image: controllerImage, container: controllerContainer, readiness: controllerReadiness },
    },
    childOf(opts),
  );
}

function createInvoker({ name, platform, addresses, args, opts }: Common, networks: Networks, { manifest }: RuntimeImages, config: pulumi.Output<ServiceConfig>, servers: pulumi.Resource[]): Invoker {
  const { invokerImage, invokerContainer, invokerReadiness, actionContainers } = args.transform ?? {};
  return new Invoker(
    name,
    {
      platform,
      dockerHost: args.dockerHost,
      after: servers,
      replicas: args.invokers ?? DEFAULTS.invokers,
      actions: networks.actions,
      hosts: {
        ...(args.rabbitmq?.url === undefined && { [`${platform}-rabbitmq`]: addresses.rabbitmq }),
        ...(args.mongodb?.url === undefined && { [`${platform}-mongodb`]: addresses.mongodb }),
      },
      adminHost: addresses.invoker,
      config,
      apiHost: pulumi.output(args.port ?? DEFAULTS.port).apply((port) => urlOf(addresses.gateway, port)),
      manifest,
      socket: args.dockerSocket,
      socketGroup: args.dockerGroup,
      base: args.images?.node,
      contexts: args.images?.contexts,
      transform: { image: invokerImage, container: invokerContainer, readiness: invokerReadiness, actionContainers },
    },
    childOf(opts),
  );
}

function createLoadBalancer({ name, platform, addresses, args, opts }: Common, networks: Networks, controller: Controller): LoadBalancer {
  const { loadBalancerImage, loadBalancerContainer, loadBalancerReadiness } = args.transform ?? {};
  return new LoadBalancer(
    name,
    {
      platform,
      dockerHost: args.dockerHost,
      after: controller.ready,
      network: networks.platform.id,
      // Known once the network is there.
      gateway: networks.actions.id.apply(() => addresses.gateway),
      controllers: controller.hosts,
      host: args.host ?? DEFAULTS.host,
      port: args.port ?? DEFAULTS.port,
      image: args.images?.loadBalancer,
      transform: { image: loadBalancerImage, container: loadBalancerContainer, readiness: loadBalancerReadiness },
    },
    childOf(opts),
  );
}

const childOf = ({ parent, provider }: pulumi.CustomResourceOptions): pulumi.ComponentResourceOptions => ({ parent, ...(provider && { providers: [provider] }) });
