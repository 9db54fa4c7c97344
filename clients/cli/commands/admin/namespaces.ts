import { pageOptions, type Command } from "../../command";
import type { Style } from "../../output/style";
import { jsonText } from "../../output/json";
import { adminCommand, answered } from "./connection";
import { limitOptions, limitsIn } from "./limits";

/** What is read of a namespace; the platform sends more. */
export interface Namespace {
  name: string;
  uuid: string;
  subject: string;
  blocked: boolean;
  limits: Record<string, unknown>;
  effectiveLimits?: Record<string, unknown>;
  /** `uuid:key`, of a key that was made now. */
  auth?: string;
}

export const create = adminCommand({
  name: "create",
  summary: "create a namespace and show its key, which nothing shows again",
  example: "admin create team --invocationsPerMinute 600",
  options: [{ flags: "--subject <SUBJECT>", text: "whom its activations name (the namespace if not given)" }, ...limitOptions],
  async run(context, api, [name = ""], options) {
    const { ok, bold } = context.style;
    const { subject } = options;
    const limits = limitsIn(options);
    const body = { ...(subject === undefined ? {} : { subject }), ...(Object.keys(limits).length === 0 ? {} : { limits }) };
    const made = await answered<Namespace>(`Unable to create namespace '${name}'`, api.call("PUT", name, [], { overwrite: false }, body));
    return { text: `${ok} created namespace ${bold(name)}\n${made.auth}\n`, json: made };
  },
});

export const get = adminCommand({
  name: "get",
  summary: "get a namespace, its keys (without their secrets) and limits",
  example: "admin get team",
  async run(context, api, [name = ""]) {
    const found = await answered<Namespace>(`Unable to get namespace '${name}'`, api.call("GET", name, []));
    return { text: `${context.style.ok} got namespace ${context.style.bold(name)}\n${jsonText(found)}`, json: found };
  },
});

export const list = adminCommand({
  name: "list",
  args: undefined,
  summary: "list the namespaces of the platform",
  example: "admin list --limit 10",
  arity: [0, 0, "No arguments are required."],
  options: pageOptions("namespaces"),
  async run(context, api, _args, options) {
    const { limit = 30, skip = 0 } = options;
    const found = await answered<(Omit<Namespace, "keys"> & { keys: number })[]>("Unable to list namespaces", api.list({ limit: Number(limit), skip: Number(skip) }));
    return { text: table(found, context.style), json: found };
  },
});

export const remove = adminCommand({
  name: "delete",
  summary: "delete a namespace with its activations",
  example: "admin delete team --force",
  options: [{ flags: "--force", text: "delete its actions, triggers, rules and packages too" }],
  async run(context, api, [name = ""], options) {
    const gone = await answered<Namespace>(`Unable to delete namespace '${name}'`, api.call("DELETE", name, [], { force: options.force === true }));
    return { text: `${context.style.ok} deleted namespace ${context.style.bold(name)}\n`, json: gone };
  },
});

export const block = blocking("block", "blocked", true, "refuse all that comes with the keys of namespaces");
export const unblock = blocking("unblock", "unblocked", false, "let blocked namespaces in again");

function blocking(verb: string, done: string, blocked: boolean, summary: string): Command {
  return adminCommand({
    name: verb,
    args: "NAMESPACE...",
    summary,
    example: `admin ${verb} team`,
    arity: [1, Infinity, "A namespace is required."],
    async run(context, api, names) {
      const changed: Namespace[] = [];
      for (const name of names) {
        // A PUT would make one that is not there.
        await answered(`Unable to ${verb} namespace '${name}'`, api.call("GET", name, []));
        changed.push(await answered<Namespace>(`Unable to ${verb} namespace '${name}'`, api.call("PUT", name, [], {}, { blocked })));
      }
      const { ok, bold } = context.style;
      return { text: names.map((name) => `${ok} ${done} namespace ${bold(name)}\n`).join(""), json: changed };
    },
  });
}

function table(namespaces: readonly { name: string; subject: string; blocked: boolean; keys: number }[], style: Style): string {
  const width = Math.max("Namespace".length, ...namespaces.map(({ name }) => name.length));
  const line = (name: string, keys: string, state: string, subject: string) => `${name.padEnd(width)} ${keys.padStart(4)} ${state.padEnd(7)} ${subject}\n`;
  const rows = namespaces.map(({ name, subject, blocked, keys }) => line(name, String(keys), blocked ? "blocked" : "open", subject));
  return style.bold(line("Namespace", "Keys", "State", "Subject")) + rows.join("");
}
