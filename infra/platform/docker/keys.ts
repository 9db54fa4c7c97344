import * as pulumi from "@pulumi/pulumi";

export interface PlatformKeysArgs {
  /**
   * The namespace that `auth` belongs to.
   *
   * @default `"guest"`
   */
  namespace?: pulumi.Input<string>;
  /**
   * The namespace's key, `uuid:key`; a secret, whether it is marked or not.
   *
   * @default a random one
   */
  auth?: pulumi.Input<string>;
  /**
   * Opens the admin API: 32 to 256 characters without blanks; a secret, whether it is marked or not.
   *
   * @default a random one
   */
  adminKey?: pulumi.Input<string>;
}

/** The keys and passwords of a platform. They are made once and kept in the stack's state, encrypted; nowhere else. */
export class PlatformKeys extends pulumi.CustomResource {
  static readonly __pulumiType = "stackwhisk:index:PlatformKeys";

  declare readonly namespace: pulumi.Output<string>;
  declare readonly auth: pulumi.Output<string>;
  declare readonly adminKey: pulumi.Output<string>;
  declare readonly signingSecret: pulumi.Output<string>;
  declare readonly rabbitmqPassword: pulumi.Output<string>;
  declare readonly mongodbPassword: pulumi.Output<string>;

  constructor(name: string, { namespace, auth, adminKey }: PlatformKeysArgs, opts: pulumi.CustomResourceOptions = {}) {
    const secrets = ["auth", "adminKey", "signingSecret", "rabbitmqPassword", "mongodbPassword"];
    const inputs = { namespace, auth: auth && pulumi.secret(auth), adminKey: adminKey && pulumi.secret(adminKey) };
    const outputs = { signingSecret: undefined, rabbitmqPassword: undefined, mongodbPassword: undefined };
    super(PlatformKeys.__pulumiType, name, { ...inputs, ...outputs }, pulumi.mergeOptions({ additionalSecretOutputs: secrets }, opts));
  }
}
