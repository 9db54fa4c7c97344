import type { PropertyDescription } from "../description";
import { UNKNOWN, type CheckContext, type Difference, type Properties, type State } from "../resource";
import { EntityHandler, type Entity } from "./handler";
import { entityOutputs } from "./shared";
import { isWeb, webOutput } from "./web";

/** Entities that may be called over plain HTTP: they have a `url`, which names the platform. */
export abstract class WebHandler<E extends Entity> extends EntityHandler<E> {
  /** The outputs that the platform adds. */
  protected static readonly outputs: Record<string, PropertyDescription> = {
    ...entityOutputs,
    url: { type: "string", description: "Where it is if it is a web action; absent if it is none. An extension such as `.json` may follow." },
  };

  override async diff(old: State, inputs: Properties, context: CheckContext): Promise<Difference> {
    const difference = await super.diff(old, inputs, context);
    // The platform moved: nothing to deploy, but what others read from the state would be wrong.
    if (typeof old.outputs.url === "string" && isWeb(inputs) && !this.isHere(old.outputs.url)) difference.changes.url = "update";
    return difference;
  }

  override plan(inputs: Properties, old: State | undefined): Properties {
    const planned = super.plan(inputs, old);
    const { url } = old?.outputs ?? {};
    if (isWeb(inputs)) planned.url = typeof url === "string" && this.isHere(url) ? url : UNKNOWN;
    return planned;
  }

  protected override toOutputs(entity: E, inputs: Properties): Properties {
    return { url: webOutput(this.connection.apiHost, entity.namespace, inputs) };
  }

  /** While it is not known where the platform is, it is taken to be where it was. */
  private isHere(url: string): boolean {
    const { apiHost } = this.connection;
    return apiHost === undefined || url.startsWith(`${apiHost}/`);
  }
}
