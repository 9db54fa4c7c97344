import type { Command } from "../../command";
import type { Context } from "../../context";
import { CliError, explain } from "../../errors";

interface Shown {
  flag: string;
  title: string;
  /** How far the value stands from its title, in tabs. */
  tabs: number;
  value(context: Context, info: Info): string | Promise<string>;
  /** Comes from the platform. */
  remote?: boolean;
}

type Info = Record<string, unknown>;

const shown: readonly Shown[] = [
  { flag: "apihost", title: "whisk API host", tabs: 2, value: ({ settings }) => settings.apiHost },
  { flag: "auth", title: "whisk auth", tabs: 2, value: ({ settings }) => settings.auth },
  { flag: "namespace", title: "whisk namespace", tabs: 2, value: namespaceOf },
  { flag: "cert", title: "client cert", tabs: 2, value: ({ settings }) => settings.cert },
  { flag: "key", title: "Client key", tabs: 2, value: ({ settings }) => settings.key },
  { flag: "apiversion", title: "whisk API version", tabs: 1, value: ({ settings }) => settings.apiVersion },
  { flag: "cliversion", title: "whisk CLI version", tabs: 1, value: ({ version }) => version },
  { flag: "apibuild", title: "whisk API build", tabs: 2, value: (_context, { build }) => String(build ?? "Unknown"), remote: true },
  {
    flag: "apibuildno",
    title: "whisk API build number",
    tabs: 1,
    value: (_context, { buildno }) => String(buildno ?? "Unknown"),
    remote: true,
  },
];

export const getProperty: Command = {
  name: "get",
  summary: "get property",
  example: "property get --apihost --output raw",
  offline: true,
  arity: [0, 0, "No arguments are required."],
  options: [
    ...shown.map(({ flag, title }) => ({ flags: `--${flag}`, text: title })),
    { flags: "--all", text: "all properties" },
    { flags: "-o, --output <FORMAT>", text: "output format: std | raw (only the value)" },
  ],
  async run(context, _args, flags) {
    const output = flags.output ?? "std";
    if (output !== "std" && output !== "raw") throw new CliError("Supported output format are std|raw");
    const chosen = shown.filter(({ flag }) => flags[flag] === true);
    const all = flags.all === true || chosen.length === 0;
    if (all && output === "raw") throw new CliError("--output|-o raw only supported with specific property type");

    const asked = all ? shown : chosen;
    const { info, failure } = asked.some(({ remote }) => remote) ? await infoOf(context) : { info: {} };
    const values = await Promise.all(asked.map(async (property) => ({ ...property, text: await property.value(context, info) })));
    const { bold } = context.style;
    const lines = values.map(({ title, tabs, text }) =>
      output === "raw" ? `${bold(text)}\n` : `${title}${"\t".repeat(tabs)}${bold(text)}\n`,
    );
    return { text: lines.join(""), json: Object.fromEntries(values.map(({ flag, text }) => [flag, text])), failure };
  },
};

/** The configured namespace; if it is only "that of the key", its name, as far as the platform can be asked. */
async function namespaceOf(context: Context): Promise<string> {
  const { namespace } = context.settings;
  if (namespace !== "_") return namespace;
  try {
    return (await context.api.namespaces())[0] ?? "_";
  } catch (failure) {
    if (failure instanceof CliError) return "_";
    throw failure;
  }
}

/** What the platform tells about itself, or why it does not. */
async function infoOf(context: Context): Promise<{ info: Info; failure?: unknown }> {
  try {
    return { info: await context.api.info() };
  } catch (failure) {
    return { info: {}, failure: explain("Unable to obtain API build information", failure) };
  }
}
