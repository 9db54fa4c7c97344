import * as pulumi from "@pulumi/pulumi";

export interface ActionContainersArgs {
  /** Name of the platform. */
  platform: pulumi.Input<string>;
  /** Host name of the invoker. */
  invoker: pulumi.Input<string>;
  /** Id of the network on which they are. */
  network: pulumi.Input<string>;
  /** The engine, in the form of `DOCKER_HOST`. */
  dockerHost?: pulumi.Input<string>;
}

/**
 * The containers that an invoker makes for actions. The invoker depends on this, and this on their network: so what an invoker has
 * left that was killed is removed after it and before that, whether the network goes or is replaced.
 */
export class ActionContainers extends pulumi.CustomResource {
  static readonly __pulumiType = "stackwhisk:index:ActionContainers";

  constructor(name: string, { platform, invoker, network, dockerHost }: ActionContainersArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(ActionContainers.__pulumiType, name, { platform, invoker, network, dockerHost }, opts);
  }
}
