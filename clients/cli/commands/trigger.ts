import { annotationOptions, paramOptions, type Command, type Group } from "../command";
import { explain, apiErrorBehind } from "../errors";
import { bindings, deleteCommand, done, get, getCommand, kinds, listCommand, put } from "./entities";
import { callFeed, feedOf } from "./feeds";

const fire: Command = {
  name: "fire",
  args: "TRIGGER_NAME",
  summary: "fire trigger event",
  arity: [1, 1, "A trigger name is required."],
  options: paramOptions,
  async run(context, [written = ""]) {
    const { namespace, entityName } = context.name(written);
    const { ok, bold } = context.style;
    try {
      const { body } = await context.api.call("POST", namespace, ["triggers", entityName], {}, context.keyValues.params ?? {});
      const { activationId } = (body ?? {}) as { activationId?: string };
      const triggered = `${ok} triggered /${bold(namespace)}/${bold(entityName)}`;
      // 204: nothing listens, so nothing was recorded either.
      if (!activationId) return { text: `${triggered}, but it has no active rule\n`, json: {} };
      return { text: `${triggered} with id ${bold(activationId)}\n`, json: body };
    } catch (failure) {
      throw explain(`Unable to fire trigger '${entityName}'`, failure);
    }
  },
};

const write = (name: "create" | "update"): Command => ({
  name,
  args: "TRIGGER_NAME",
  summary: name === "create" ? "create new trigger" : "update an existing trigger, or create a trigger if it does not exist",
  arity: [1, 1, "A trigger name is required."],
  options: [
    ...paramOptions,
    ...annotationOptions,
    ...(name === "create" ? [{ flags: "-f, --feed <ACTION_NAME>", text: "trigger feed ACTION_NAME; it gets the parameters" }] : []),
  ],
  async run(context, [written = ""], { feed }) {
    const { entityName } = context.name(written);
    const feedName = typeof feed === "string" ? context.name(feed) : undefined;
    const { parameters, annotations = [] } = bindings(context);
    const body = feedName
      ? {
          name: entityName,
          annotations: [...(annotations as object[]), { key: "feed", value: `/${feedName.namespace}/${feedName.entityName}` }],
        }
      : { name: entityName, ...bindings(context), parameters };
    const trigger = await put(context, kinds.trigger, written, body, name === "update", name);
    if (feedName) {
      try {
        await callFeed(context, feedName, "CREATE", written);
      } catch (failure) {
        const { namespace } = context.name(written);
        await context.api.call("DELETE", namespace, ["triggers", entityName]).catch(() => undefined);
        throw explain(`Unable to create trigger '${entityName}'`, failure);
      }
    }
    return { text: done(context, `${name}d`, "trigger", entityName), json: trigger };
  },
});

const remove = deleteCommand(kinds.trigger, paramOptions, async (context, written) => {
  const trigger = await get(context, kinds.trigger, written);
  const feed = feedOf(context, trigger);
  if (!feed) return;
  try {
    await callFeed(context, feed, "DELETE", written);
  } catch (failure) {
    if (apiErrorBehind(failure)?.status !== 404) throw explain(`Unable to delete trigger '${trigger.name}'`, failure);
  }
});

export const triggerGroup: Group = {
  name: "trigger",
  summary: "work with triggers",
  commands: [fire, write("create"), write("update"), getCommand(kinds.trigger), remove, listCommand(kinds.trigger)],
};
