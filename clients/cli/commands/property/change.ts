import type { Command } from "../../command";
import { hostUrl } from "../../config/settings";
import { editProps } from "../../config/wskprops";
import { CliError, explain, usageError } from "../../errors";
import { changeable } from "./properties";

export const setProperty: Command = {
  name: "set",
  summary: "set property",
  example: "property set --apihost http://127.0.0.1:3233 --auth KEY",
  offline: true,
  arity: [0, 0, "No arguments are required."],
  options: changeable.map(({ flag, short, text }) => ({ flags: `${short ? `${short}, ` : ""}--${flag} <VALUE>`, text })),
  async run(context, _args, flags) {
    const given = changeable.filter(({ flag }) => typeof flags[flag] === "string" && flags[flag] !== "");
    if (given.length === 0)
      throw usageError(`Invalid argument(s). One of ${changeable.map(({ flag }) => `--${flag}`).join(", ")} is required.`);
    if (typeof flags.apihost === "string") checkHost(flags.apihost);
    edit(context.propsFile, Object.fromEntries(given.map(({ key, flag }) => [key, String(flags[flag])])), "set");
    const { ok, bold } = context.style;
    const lines = given.map(({ flag, title, secret }) =>
      secret
        ? `${ok} ${title} set. Run 'whisk property get --${flag}' to see the new value.\n`
        : `${ok} ${title} set to ${bold(String(flags[flag]))}\n`,
    );
    return { text: lines.join(""), json: { file: context.propsFile, set: given.map(({ key }) => key) } };
  },
};

export const unsetProperty: Command = {
  name: "unset",
  summary: "unset property",
  example: "property unset --auth",
  offline: true,
  arity: [0, 0, "No arguments are required."],
  options: changeable.map(({ flag, text }) => ({ flags: `--${flag}`, text })),
  async run(context, _args, flags) {
    const given = changeable.filter(({ flag }) => flags[flag] === true);
    if (given.length === 0)
      throw usageError(`Invalid argument(s). One of ${changeable.map(({ flag }) => `--${flag}`).join(", ")} is required.`);
    edit(context.propsFile, Object.fromEntries(given.map(({ key }) => [key, undefined])), "unset");
    const { ok, bold } = context.style;
    const lines = given.map(({ title, standard }) =>
      standard ? `${ok} ${title} unset; the default value of ${bold(standard)} will be used.\n` : `${ok} ${title} unset.\n`,
    );
    return { text: lines.join(""), json: { file: context.propsFile, unset: given.map(({ key }) => key) } };
  },
};

function checkHost(host: string): void {
  try {
    hostUrl(host);
  } catch (failure) {
    throw explain(`Unable to set API host value; the API host value '${host}' is invalid`, failure, true);
  }
}

function edit(file: string, changes: Record<string, string | undefined>, verb: "set" | "unset"): void {
  const failed = `Unable to ${verb} the property value(s)`;
  if (file === "") throw new CliError(`${failed}: WSK_CONFIG_FILE is empty, so there is no properties file`);
  try {
    editProps(file, changes);
  } catch (failure) {
    throw explain(failed, failure);
  }
}
