import type { QualifiedName } from "../args/names";
import type { Context } from "../context";
import { CliError, explain } from "../errors";
import { invoke } from "./action/invoke";
import type { Entity } from "./entities";

/** The feed that fires a trigger; undefined if there is none. */
export function feedOf(context: Context, trigger: Entity): QualifiedName | undefined {
  const feed = trigger.annotations?.find(({ key }) => key === "feed")?.value;
  return typeof feed === "string" && feed !== "" ? context.name(feed) : undefined;
}

/**
 * Tells a feed that one of its triggers begins or ends. The feed action gets the parameters of the command line, the
 * full name of the trigger and the key with which to fire it.
 *
 * @throws CliError `Unable to configure feed '/whisk.system/alarms/alarm': …`
 */
export async function callFeed(context: Context, feed: QualifiedName, lifecycleEvent: "CREATE" | "DELETE", written: string): Promise<void> {
  const { namespace, entityName } = context.name(written);
  const payload = {
    ...context.keyValues.params,
    lifecycleEvent,
    triggerName: `/${namespace}/${entityName}`,
    authKey: context.settings.auth,
  };
  const said = `Unable to configure feed '/${feed.namespace}/${feed.entityName}'`;
  try {
    const { state, body } = await invoke(context, feed, payload, true, true);
    if (state === "failed") throw new CliError(errorIn(body), 502 % 256);
  } catch (failure) {
    throw explain(said, failure);
  }
}

function errorIn(result: unknown): string {
  const error = result !== null && typeof result === "object" && "error" in result ? result.error : result;
  return typeof error === "string" ? error : JSON.stringify(error);
}
