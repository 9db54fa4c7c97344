import type { QualifiedName } from "../../args/names";
import type { JsonObject } from "../../args/key-values";
import type { Context } from "../../context";
import { CliError, explain } from "../../errors";
import { jsonText, sorted } from "../../output/json";
import { invoke, type Outcome } from "../action/invoke";
import type { Entity } from "../entities";

/** What becomes of a trigger, as its feed is told. */
export type Lifecycle = "CREATE" | "READ" | "UPDATE" | "DELETE";

export const feedName = ({ namespace, entityName }: QualifiedName): string => `/${namespace}/${entityName}`;

/** The feed that fires a trigger; undefined if there is none. */
export function feedOf(context: Context, trigger: Entity): QualifiedName | undefined {
  const feed = trigger.annotations?.find(({ key }) => key === "feed")?.value;
  return typeof feed === "string" && feed !== "" ? context.entity(feed) : undefined;
}

/**
 * Tells a feed what becomes of one of its triggers. The feed action gets the parameters, the full name of the trigger
 * and the key with which to fire it.
 *
 * @throws CliError `Unable to configure feed '/whisk.system/alarms/alarm': …`
 */
export async function callFeed(
  context: Context,
  feed: QualifiedName,
  lifecycleEvent: Lifecycle,
  written: string,
  params?: JsonObject,
): Promise<Outcome> {
  const told = { lifecycleEvent, triggerName: feedName(context.entity(written)), authKey: context.settings.auth };
  try {
    const outcome = await invoke(context, feed, { ...params, ...told }, true, false);
    if (outcome.state === "failed") throw new CliError(errorIn(outcome.body), 502 % 256);
    return outcome;
  } catch (failure) {
    throw explain(`Unable to configure feed '${feedName(feed)}'`, failure);
  }
}

/** The activation of a feed action. */
export const activationText = ({ body }: Outcome): string => jsonText(sorted(body));

/** `ok: invoked /whisk.system/alarms/alarm with id …` and the activation of the feed action. */
export function invokedText({ style: { ok, bold } }: Context, { namespace, entityName }: QualifiedName, outcome: Outcome): string {
  return `${ok} invoked /${bold(namespace)}/${bold(entityName)} with id ${bold(outcome.activationId)}\n${activationText(outcome)}`;
}

/** What went wrong in an activation: the error in its result, if there is one. */
function errorIn(activation: unknown): string {
  const result = field(field(activation, "response"), "result") ?? activation;
  const error = field(result, "error") ?? result;
  return typeof error === "string" ? error : JSON.stringify(error);
}

const field = (value: unknown, name: string): unknown =>
  value !== null && typeof value === "object" && name in value ? (value as JsonObject)[name] : undefined;
