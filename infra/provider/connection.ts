import { noAdminKey, noAuth, resolveConfig, type Endpoint, type Resolved } from "./config";
import { UNKNOWN, type Properties } from "./resource";

/** The platform that the provider was configured for. Nothing is asked of the network before a resource needs it. */
export class Connection {
  private resolved: Resolved = new Error("the provider has not been configured yet");

  configure(inputs: Properties): void {
    this.resolved = resolveConfig(inputs);
  }

  /** The URL of the platform; undefined while it is not known, or when there is none. */
  get apiHost(): string | undefined {
    return this.resolved === UNKNOWN || this.resolved instanceof Error ? undefined : this.resolved.apiHost;
  }

  /** Throws what is missing and how to give it. */
  endpoint(): Endpoint & { auth: string } {
    const { auth, ...endpoint } = this.known();
    if (!auth) throw noAuth();
    return { ...endpoint, auth };
  }

  /** The same for what an administrator does. */
  adminEndpoint(): Endpoint & { adminKey: string } {
    const { adminKey, ...endpoint } = this.known();
    if (!adminKey) throw noAdminKey();
    return { ...endpoint, adminKey };
  }

  private known(): Endpoint {
    if (this.resolved instanceof Error) throw this.resolved;
    if (this.resolved === UNKNOWN) throw new Error("apiHost or auth of the stackwhisk provider is not known yet: bring up what they come from first");
    return this.resolved;
  }
}
