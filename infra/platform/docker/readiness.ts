import * as pulumi from "@pulumi/pulumi";

export interface ContainerReadinessArgs {
  /** Id of the container. */
  container: pulumi.Input<string>;
  /** What has to be answered with 200 besides, by whoever runs Pulumi. */
  url?: pulumi.Input<string>;
  /** The engine, in the form of `DOCKER_HOST`. */
  dockerHost?: pulumi.Input<string>;
}

/**
 * That a container does its work: its health check succeeds. What depends on this comes after that. It fails with the container's
 * status and the last lines of its log, and an update finds a container that somebody has stopped, and starts it again.
 */
export class ContainerReadiness extends pulumi.CustomResource {
  static readonly __pulumiType = "stackwhisk:index:ContainerReadiness";

  declare readonly ready: pulumi.Output<boolean>;

  constructor(name: string, { container, url, dockerHost }: ContainerReadinessArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(ContainerReadiness.__pulumiType, name, { container, url, dockerHost, ready: undefined }, opts);
  }
}
