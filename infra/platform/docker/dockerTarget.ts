import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { NamespaceLimits } from "../background";
import type { Duration } from "../duration";
import type { Size } from "../size";
import type { Transform } from "../transform";
import type { ActionContainersArgs } from "./actionContainers";
import type { PlatformKeysArgs } from "./keys";
import type { Runtime } from "./kinds";
import type { OwnManifestArgs } from "./ownManifest";
import type { ContainerReadinessArgs } from "./readiness";

/** A message broker: one that runs already, or the image of one that is brought up. */
export interface DockerRabbitMq {
  /** `amqp://user:password@host:5672/vhost`, or `amqps`, as containers reach it. A secret, whether it is marked or not. */
  url?: pulumi.Input<string>;
  /**
   * With its tag or digest, where none runs already.
   *
   * @default `"rabbitmq:4"`
   */
  image?: string;
}

/** A database server: one that runs already, or the image of one that is brought up. */
export interface DockerMongoDb {
  /** `mongodb://user:password@host:27017`, or `mongodb+srv`, as containers reach it. A secret, whether it is marked or not. */
  url?: pulumi.Input<string>;
  /**
   * The database.
   *
   * @default the platform's `name`
   */
  database?: pulumi.Input<string>;
  /**
   * With its tag or digest, where none runs already.
   *
   * @default `"mongo:8"`
   */
  image?: string;
}

/** Images that the platform's own are built on, or that it takes as they are. */
export interface DockerImages {
  /**
   * With Node 24 on its path: controllers, invokers, the runtime nodejs:24, and the HTTP side of all others.
   *
   * @default the official one
   */
  node?: string;
  /**
   * Of HAProxy.
   *
   * @default `"haproxy:3.2"`
   */
  loadBalancer?: string;
  /**
   * What runtimes are built on: those of a language (`"python"`), or one (`"nodejs:22"`), which goes before.
   *
   * @default the official ones; for `"nodejs:24"` what `node` says
   */
  runtimes?: Partial<Record<Runtime, string>>;
  /** Folder of the build contexts of the platform's own images. @default where `npm run build` puts them */
  contexts?: string;
}

/** The options of a platform on Docker. */
export interface DockerPlatformArgs extends PlatformKeysArgs {
  /**
   * Begins the names of all containers, networks, volumes, images, queues and exchanges, and is the database's: so several
   * platforms can be on one engine. Up to 40 lower case letters, digits and `-`. Changing it replaces the platform: the data goes.
   *
   * @default `<project>-<stack>`
   */
  name?: string;
  /**
   * The address of the engine's machine to listen on.
   *
   * @default `"127.0.0.1"`
   */
  host?: pulumi.Input<string>;
  /**
   * The TCP port of the REST API, which all controllers serve.
   *
   * @default `3235`
   */
  port?: pulumi.Input<number>;
  /**
   * Containers that serve the REST API, from 1 to 64. They are replaced one after the other: with two there is always one.
   *
   * @default `2`
   */
  controllers?: number;
  /**
   * Containers that run actions in others, from 1 to 64.
   *
   * @default `2`
   */
  invokers?: number;
  /**
   * What the running actions of one invoker may use together, in MB if it is a number.
   *
   * @default `"2048 MB"`
   */
  memory?: pulumi.Input<Size | number>;
  /**
   * How long an idle container is kept warm, in seconds if it is a number.
   *
   * @default `"10 minutes"`
   */
  idleTimeout?: pulumi.Input<Duration | number>;
  /**
   * How long activation records are kept after their end, in seconds if it is a number. Dead letters stay until they are
   * purged.
   *
   * @default `"7 days"`
   */
  retention?: pulumi.Input<Duration | number>;
  /**
   * Keep containers of the most used kinds ready before they are asked for.
   *
   * @default `true`
   */
  prewarm?: pulumi.Input<boolean>;
  /**
   * The least level that is logged.
   *
   * @default `"info"`
   */
  logLevel?: pulumi.Input<"trace" | "debug" | "info" | "warn" | "error" | "fatal">;
  /**
   * What a namespace may ask that has no limits of its own (see `Namespace`).
   *
   * @default none
   */
  limits?: pulumi.Input<NamespaceLimits>;
  /** @default one in a container, its data on a volume */
  rabbitmq?: DockerRabbitMq;
  /** @default one in a container, its data on a volume */
  mongodb?: DockerMongoDb;
  /** @default the official ones */
  images?: DockerImages;
  /**
   * The runtimes that there are: of a language (`"nodejs"`) all that its kinds need, or one (`"nodejs:24"`); `"skeleton"` is the
   * image in which any program can be an action. Kinds without a runtime are left out.
   *
   * @default `["nodejs", "python"]`
   */
  runtimes?: readonly Runtime[];
  /**
   * Kinds of your own, beside those of `runtimes` or in their place: a file in the format of OpenWhisk's `runtimes.json`, relative
   * to the program's folder, or what would be in it.
   *
   * @default none
   */
  manifest?: string | OwnManifestArgs;
  /**
   * Addresses of its two networks on the engine, as CIDR of /24: of its own containers, and of actions.
   *
   * @default two neighbours in 10.64.0.0/11, chosen by `name`
   */
  networks?: { platform?: string; actions?: string };
  /**
   * The engine, in the form of `DOCKER_HOST`.
   *
   * @default the Docker provider's own: `DOCKER_HOST`, else the socket of this machine
   */
  dockerHost?: string;
  /**
   * Socket of the engine on its machine: invokers get it, to run actions.
   *
   * @default `"/var/run/docker.sock"`
   */
  dockerSocket?: string;
  /**
   * Id of the group that may use the socket.
   *
   * @default that of the file, if it is one of this machine; else 0
   */
  dockerGroup?: number;
  /** Changes to what the component passes to its children. */
  transform?: DockerTransforms;
}

/** Where there are several of a kind, the change is made to each of them: its arguments tell which it is. */
export interface DockerTransforms {
  keys?: Transform<PlatformKeysArgs>;
  platformNetwork?: Transform<docker.NetworkArgs>;
  actionNetwork?: Transform<docker.NetworkArgs>;
  rabbitmqImage?: Transform<docker.RemoteImageArgs>;
  rabbitmqVolume?: Transform<docker.VolumeArgs>;
  rabbitmqContainer?: Transform<docker.ContainerArgs>;
  rabbitmqReadiness?: Transform<ContainerReadinessArgs>;
  mongodbImage?: Transform<docker.RemoteImageArgs>;
  mongodbVolume?: Transform<docker.VolumeArgs>;
  mongodbContainer?: Transform<docker.ContainerArgs>;
  mongodbReadiness?: Transform<ContainerReadinessArgs>;
  runtimeImage?: Transform<docker.RemoteImageArgs>;
  controllerImage?: Transform<docker.RemoteImageArgs>;
  controllerContainer?: Transform<docker.ContainerArgs>;
  controllerReadiness?: Transform<ContainerReadinessArgs>;
  invokerImage?: Transform<docker.RemoteImageArgs>;
  invokerContainer?: Transform<docker.ContainerArgs>;
  invokerReadiness?: Transform<ContainerReadinessArgs>;
  actionContainers?: Transform<ActionContainersArgs>;
  loadBalancerImage?: Transform<docker.RemoteImageArgs>;
  loadBalancerContainer?: Transform<docker.ContainerArgs>;
  loadBalancerReadiness?: Transform<ContainerReadinessArgs>;
}

/** A platform on Docker: see {@link DockerPlatformArgs} for the options. */
export interface DockerTargetArgs extends DockerPlatformArgs {
  target: "docker";
}

/** Every option of the target, for messages about one that is not. */
export const DOCKER_OPTIONS = [
  "name",
  "host",
  "port",
  "controllers",
  "invokers",
  "memory",
  "idleTimeout",
  "retention",
  "prewarm",
  "logLevel",
  "namespace",
  "auth",
  "adminKey",
  "limits",
  "rabbitmq",
  "mongodb",
  "images",
  "runtimes",
  "manifest",
  "networks",
  "dockerHost",
  "dockerSocket",
  "dockerGroup",
  "transform",
] as const satisfies readonly (keyof DockerPlatformArgs)[];
