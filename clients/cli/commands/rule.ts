import { fullName } from "../args/names";
import { annotationOptions, type Command, type Group } from "../command";
import type { Context } from "../context";
import { explain } from "../errors";
import { bindings, deleteCommand, done, get, getCommand, kinds, put } from "./entities";
import { listCommand } from "./lists";

const needsName = "A rule name is required.";

const write = (name: "create" | "update"): Command => ({
  name,
  args: "RULE_NAME TRIGGER_NAME ACTION_NAME",
  summary: name === "create" ? "create new rule" : "update an existing rule, or create a rule if it does not exist",
  example: `rule ${name} greet-on-news news hello`,
  arity: [3, 3, "A rule, trigger and action name are required."],
  options: annotationOptions,
  async run(context, [written = "", trigger = "", action = ""]) {
    const { namespace } = context.settings;
    const { entityName } = context.entity(written);
    const body = {
      name: entityName,
      trigger: fullName(trigger, namespace),
      action: fullName(action, namespace),
      ...bindings(context),
      parameters: undefined,
    };
    const rule = await put(context, kinds.rule, written, body, name === "update", `Unable to ${name} rule '${entityName}'`);
    return { text: done(context, `${name}d`, "rule", entityName), json: rule };
  },
});

const setState = (name: "enable" | "disable"): Command => ({
  name,
  args: "RULE_NAME",
  summary: `${name} rule`,
  example: `rule ${name} greet-on-news`,
  arity: [1, 1, needsName],
  async run(context, [written = ""]) {
    const { body } = await switchRule(context, written, name);
    return { text: done(context, `${name}d`, "rule", context.entity(written).entityName), json: body ?? {} };
  },
});

const status: Command = {
  name: "status",
  args: "RULE_NAME",
  summary: "get rule status",
  example: "rule status greet-on-news",
  arity: [1, 1, needsName],
  async run(context, [written = ""]) {
    const { ok, bold } = context.style;
    const rule = await get(context, kinds.rule, written, {}, "get status of");
    return { text: `${ok} rule ${bold(context.entity(written).entityName)} is ${bold(rule.status ?? "")}\n`, json: { status: rule.status } };
  },
};

const remove = deleteCommand(
  kinds.rule,
  [{ flags: "--disable", text: "automatically disable rule before deleting it" }],
  async (context, written, { disable }) => {
    if (disable) await switchRule(context, written, "disable");
    return undefined;
  },
);

async function switchRule(context: Context, written: string, to: "enable" | "disable") {
  const { namespace, entityName } = context.entity(written);
  try {
    return await context.api.call("POST", namespace, ["rules", entityName], {}, { status: to === "enable" ? "active" : "inactive" });
  } catch (failure) {
    throw explain(`Unable to ${to} rule '${entityName}'`, failure);
  }
}

export const ruleGroup: Group = {
  name: "rule",
  summary: "work with rules",
  commands: [
    setState("enable"),
    setState("disable"),
    status,
    write("create"),
    write("update"),
    getCommand(kinds.rule),
    remove,
    listCommand(kinds.rule),
  ],
};
