import * as pulumi from "@pulumi/pulumi";
import { BACKGROUND_OPTIONS, BackgroundPlatform, type BackgroundPlatformArgs, type Memory, pick } from "../background";

/** A message broker that runs already. */
export interface RabbitMqServer {
  /** `amqp://user:password@host:5672/vhost`, or `amqps`. A secret, whether it is marked or not. */
  url: pulumi.Input<string>;
}

/** A database server that runs already. */
export interface MongoDbServer {
  /** `mongodb://user:password@host:27017`, or `mongodb+srv`. A secret, whether it is marked or not. */
  url: pulumi.Input<string>;
  /**
   * The database: it is made, and dropped by `pulumi destroy`. One that holds something else is refused. Changing it
   * replaces the platform: the data goes.
   *
   * @default the platform's `name`
   */
  database?: pulumi.Input<string>;
}

/** The options of a distributed platform on one's own machine. */
export interface ClusterPlatformArgs extends BackgroundPlatformArgs {
  /** Another `url` means the same broker in another way: what is on the old one stays there. */
  rabbitmq: pulumi.Input<RabbitMqServer>;
  /** Another `url` means the same server in another way: what is on the old one stays there. */
  mongodb: pulumi.Input<MongoDbServer>;
  /**
   * Begins the names of all queues and exchanges, and is the database's: so several platforms can share the two servers.
   * Up to 40 letters, digits, `_` and `-`. Changing it replaces the platform: the data goes.
   *
   * @default `<project>-<stack>`; once chosen it stays, whatever the stack is renamed to
   */
  name?: pulumi.Input<string>;
  /**
   * The TCP port of the REST API, which all controllers serve.
   *
   * @default `3234`
   */
  port?: pulumi.Input<number>;
  /**
   * Processes that serve the REST API, from 1 to 64.
   *
   * @default `2`
   */
  controllers?: pulumi.Input<number>;
  /**
   * Processes that run actions, from 1 to 64.
   *
   * @default `2`
   */
  invokers?: pulumi.Input<number>;
  /**
   * What the running actions of one invoker may use together, in MB if it is a number.
   *
   * @default `"2048 MB"`
   */
  memory?: Memory;
}

/** Every option by name. */
export const CLUSTER_PLATFORM_OPTIONS = [...BACKGROUND_OPTIONS, "rabbitmq", "mongodb", "name", "controllers", "invokers"] as const;

/**
 * The platform as several processes on this machine, on a RabbitMQ and a MongoDB that run already: controllers behind one
 * port, invokers, and a process that starts again whichever of them ends. Everything that it knows is in the database; the
 * data folder has its configuration and its log.
 *
 * Most programs want the {@link Platform} component, which has this as its child.
 *
 * @example
 * ```ts
 * const config = new pulumi.Config();
 * const platform = new stackwhisk.ClusterPlatform("platform", {
 *   rabbitmq: { url: config.requireSecret("rabbitmqUrl") },
 *   mongodb: { url: config.requireSecret("mongodbUrl") },
 *   invokers: 3,
 * });
 * export const apiHost = platform.apiHost;
 * ```
 *
 * An existing one is imported by its data directory: `pulumi import stackwhisk:index:ClusterPlatform platform .stackwhisk/cluster`.
 */
export class ClusterPlatform extends BackgroundPlatform {
  static readonly __pulumiType = "stackwhisk:index:ClusterPlatform";

  /** What its names on both servers begin with. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: ClusterPlatformArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { rabbitmq, mongodb, ...rest } = pick(args, CLUSTER_PLATFORM_OPTIONS);
    // A password may be in each.
    super(ClusterPlatform.__pulumiType, name, { ...rest, rabbitmq: pulumi.secret(rabbitmq), mongodb: pulumi.secret(mongodb) }, opts, ["signingSecret"]);
  }
}
