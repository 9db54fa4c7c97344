import { paramOptions, type Command, type Group } from "../../command";
import type { Context } from "../../context";
import { CliError, explain } from "../../errors";
import { deleteCommand, get, getCommand, kinds, type Entity } from "../entities";
import { listCommand } from "../lists";
import { activationText, callFeed, feedOf, type Lifecycle } from "./feeds";
import { createTrigger, updateTrigger } from "./write";

const fire: Command = {
  name: "fire",
  args: "TRIGGER_NAME",
  summary: "fire trigger event",
  example: "trigger fire news --param topic weather",
  arity: [1, 1, "A trigger name is required."],
  options: paramOptions,
  async run(context, [written = ""]) {
    const { namespace, entityName } = context.entity(written);
    const { params = {} } = context.keyValues;
    const { ok, bold } = context.style;
    try {
      const { body } = await context.api.call("POST", namespace, ["triggers", entityName], {}, params);
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

/** What its feed says about a trigger is told instead of the trigger, as with the official CLI. */
const read = getCommand(kinds.trigger, [], undefined, (context, trigger, written) => heard(context, trigger, written, "READ"));

const remove = deleteCommand(kinds.trigger, paramOptions, async (context, written) =>
  heard(context, await get(context, kinds.trigger, written), written, "DELETE"),
);

/** What the feed of a trigger answers; undefined if there is none. A feed that fails keeps nobody from the trigger: it is told. */
async function heard(context: Context, trigger: Entity, written: string, lifecycle: Lifecycle): Promise<string | undefined> {
  const feed = feedOf(context, trigger);
  const { params } = context.keyValues;
  if (!feed) return undefined;
  try {
    return activationText(await callFeed(context, feed, lifecycle, written, params));
  } catch (failure) {
    if (!(failure instanceof CliError)) throw failure;
    context.io.stderr.write(`warning: ${failure.message}\n`);
    return undefined;
  }
}

export const triggerGroup: Group = {
  name: "trigger",
  summary: "work with triggers",
  commands: [fire, createTrigger, updateTrigger, read, remove, listCommand(kinds.trigger)],
};
