import type { QualifiedName } from "../../args/names";
import { toKeyValues, type JsonObject } from "../../args/key-values";
import { annotationOptions, paramOptions, type Command, type OptionSpec, type Reply } from "../../command";
import type { Context } from "../../context";
import { apiErrorBehind, CliError, EXIT, explain } from "../../errors";
import { done, get, kinds, put, type Entity } from "../entities";
import { activationText, callFeed, feedName, feedOf, invokedText } from "./feeds";

const options: readonly OptionSpec[] = [
  ...paramOptions,
  ...annotationOptions,
  { flags: "-F, --feed-param <KEY VALUE>", text: "feed parameter values in KEY VALUE format" },
  { flags: "-T, --trigger-param <KEY VALUE>", text: "trigger parameter values in KEY VALUE format" },
];
const needsName = "A trigger name is required.";

export const createTrigger: Command = {
  name: "create",
  args: "TRIGGER_NAME",
  summary: "create new trigger",
  example: 'trigger create tick --feed /whisk.system/alarms/alarm --param cron "*/5 * * * *"',
  arity: [1, 1, needsName],
  options: [...options, { flags: "-f, --feed <ACTION_NAME>", text: "trigger feed ACTION_NAME; it gets the parameters" }],
  run: (context, [written = ""], { feed }) => create(context, written, typeof feed === "string" && feed ? feed : undefined),
};

export const updateTrigger: Command = {
  name: "update",
  args: "TRIGGER_NAME",
  summary: "update an existing trigger, or create a trigger if it does not exist",
  example: "trigger update news --param topic weather",
  arity: [1, 1, needsName],
  options,
  run: (context, [written = ""]) => update(context, written),
};

/** What the command line says that a trigger and its feed get; parameters are for the feed, if there is one. */
interface Given {
  params?: JsonObject;
  annotations?: JsonObject;
  feedParams?: JsonObject;
  triggerParams?: JsonObject;
}

async function create(context: Context, written: string, feed: string | undefined): Promise<Reply> {
  const { entityName } = context.entity(written);
  const { params, annotations, feedParams, triggerParams } = given(context);
  const feedAction = feed === undefined ? undefined : context.entity(feed);
  if (!feedAction && feedParams)
    throw new CliError("Incorrect usage. Trigger without a feed cannot have feed parameters", EXIT.notAllowed);

  const parameters = feedAction ? triggerParams : (params ?? triggerParams);
  const trigger = await write(context, written, parameters, withFeed(annotations, feedAction), false);
  const created = done(context, "created", "trigger", entityName);
  if (!feedAction) return { text: created, json: trigger };
  try {
    const outcome = await callFeed(context, feedAction, "CREATE", written, params ?? feedParams);
    return { text: `${invokedText(context, feedAction, outcome)}${created}`, json: trigger };
  } catch (failure) {
    await context.api.call("DELETE", context.entity(written).namespace, ["triggers", entityName]).catch(() => undefined);
    throw explain(`Unable to create trigger '${entityName}'`, failure);
  }
}

async function update(context: Context, written: string): Promise<Reply> {
  const { entityName } = context.entity(written);
  const { params, annotations, feedParams, triggerParams } = given(context);
  const existing = await existingTrigger(context, written);
  if (!existing) return create(context, written, undefined);

  const updated = done(context, "updated", "trigger", entityName);
  const feedAction = feedOf(context, existing);
  if (!feedAction) {
    if (feedParams) throw new CliError(`Unable to configure feed '${entityName}': this trigger does not contain a feed`);
    return { text: updated, json: await write(context, written, params ?? triggerParams, annotations, true) };
  }
  const changes = triggerParams !== undefined || annotations !== undefined;
  const trigger = changes ? await write(context, written, triggerParams, annotations && withFeed(annotations, feedAction), true) : existing;
  if (triggerParams && !feedParams) return { text: updated, json: trigger };
  try {
    const outcome = await callFeed(context, feedAction, "UPDATE", written, params ?? feedParams);
    return { text: `${activationText(outcome)}${updated}`, json: trigger };
  } catch (failure) {
    throw explain(`Unable to update trigger '${entityName}'`, failure);
  }
}

/** @throws CliError if `-p` meets the flags that say for whom a parameter is, or a value is not JSON */
function given({ keyValues }: Context): Given {
  if ("params" in keyValues && ("feedParams" in keyValues || "triggerParams" in keyValues))
    throw new CliError(
      "Incorrect usage. Cannot combine --feed-param or --trigger-param flag with neither --param nor --param-file flag",
      EXIT.notAllowed,
    );
  return { ...keyValues };
}

const withFeed = (annotations: JsonObject | undefined, feed: QualifiedName | undefined): JsonObject | undefined =>
  feed ? { ...annotations, feed: feedName(feed) } : annotations;

function write(
  context: Context,
  written: string,
  parameters: JsonObject | undefined,
  annotations: JsonObject | undefined,
  overwrite: boolean,
): Promise<Entity> {
  const { entityName } = context.entity(written);
  const body = {
    name: entityName,
    parameters: parameters && toKeyValues(parameters),
    annotations: annotations && toKeyValues(annotations),
  };
  return put(context, kinds.trigger, written, body, overwrite, overwrite ? `Unable to update trigger '${entityName}'` : undefined);
}

async function existingTrigger(context: Context, written: string): Promise<Entity | undefined> {
  try {
    return await get(context, kinds.trigger, written);
  } catch (failure) {
    if (apiErrorBehind(failure)?.status === 404) return undefined;
    throw failure;
  }
}
