import * as pulumi from "@pulumi/pulumi";

export interface ProviderArgs {
  /**
   * URL of the platform, such as `http://127.0.0.1:3233`. Without a scheme it is `https`.
   *
   * @default WHISK_APIHOST of the environment, then APIHOST in `~/.wskprops` (or in the file that WSK_CONFIG_FILE names)
   */
  apiHost?: pulumi.Input<string>;
  /**
   * The namespace's key, `uuid:key`. Kept as a secret.
   *
   * @default WHISK_AUTH of the environment, then AUTH in `~/.wskprops` (or in the file that WSK_CONFIG_FILE names)
   */
  auth?: pulumi.Input<string>;
  /**
   * The platform's admin key: only for resources `Namespace`, which need no `auth`. Kept as a secret.
   *
   * @default STACKWHISK_ADMIN_KEY of the environment
   */
  adminKey?: pulumi.Input<string>;
  /**
   * Accept a TLS certificate that no known authority signed.
   *
   * @default false
   */
  insecure?: pulumi.Input<boolean>;
}

/**
 * Which platform resources live on. Pass it in the options of a resource, or of a component for all that is in it. A
 * change of it replaces nothing: a platform on another port, or with another key, has the same entities.
 *
 * @example
 * ```ts
 * const platform = new pulumi.StackReference("organization/platform/local");
 * const provider = new stackwhisk.Provider("platform", {
 *   apiHost: platform.requireOutput("apiHost"),
 *   auth: platform.requireOutput("auth"),
 * });
 * new stackwhisk.Action("greet", { code: "./greet.ts" }, { provider });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  /** URL of the platform, if it was given. */
  declare readonly apiHost: pulumi.Output<string | undefined>;
  /** The key, if it was given; a secret. */
  declare readonly auth: pulumi.Output<string | undefined>;
  /** The admin key, if it was given; a secret. */
  declare readonly adminKey: pulumi.Output<string | undefined>;

  constructor(name: string, args: ProviderArgs = {}, opts: pulumi.ResourceOptions = {}) {
    const { apiHost, auth, adminKey, insecure } = args;
    super(
      "stackwhisk",
      name,
      {
        apiHost,
        auth: auth === undefined ? undefined : pulumi.secret(auth),
        adminKey: adminKey === undefined ? undefined : pulumi.secret(adminKey),
        // The configuration of providers travels as JSON text, strings aside.
        insecure: insecure === undefined ? undefined : pulumi.output(insecure).apply((value) => JSON.stringify(value)),
      },
      pulumi.mergeOptions({ additionalSecretOutputs: ["auth", "adminKey"] }, opts),
    );
  }
}
