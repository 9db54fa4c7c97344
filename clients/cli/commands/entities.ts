import type { Context } from "../context";
import { explain, EXIT, usageError, CliError } from "../errors";
import type { Command, OptionSpec, Options, Reply } from "../command";
import { fieldNamed, jsonText, shaped, type Shape } from "../output/json";
import type { Listed, ListKind } from "../output/lists";
import { shapes } from "../output/shapes";
import { summaryText, type Summarized } from "../output/summary";
import { toKeyValues } from "../args/key-values";

export type Entity = Listed & Summarized & Record<string, unknown>;

/** A kind of entity: what its commands have in common with those of the other kinds. */
export interface EntityKind {
  name: "action" | "trigger" | "rule" | "package";
  collection: ListKind;
  shape: Shape;
  /** Whether its failures are followed by the hint to the help. */
  usage: boolean;
  summary(entity: Entity, context: Context): string;
}

export const kinds = {
  action: {
    name: "action",
    collection: "actions",
    shape: shapes.action,
    usage: true,
    summary: (e, { style }) => summaryText("action", e, style),
  },
  trigger: {
    name: "trigger",
    collection: "triggers",
    shape: shapes.trigger,
    usage: false,
    summary: (e, { style }) => summaryText("trigger", e, style),
  },
  rule: {
    name: "rule",
    collection: "rules",
    shape: shapes.rule,
    usage: false,
    summary: (e, { style }) => `${style.bold("rule")} /${e.namespace}/${e.name}\n   (${style.bold("status")}: ${e.status})\n`,
  },
  package: { name: "package", collection: "packages", shape: shapes.package, usage: false, summary: packageSummary },
} satisfies Record<string, EntityKind>;

/** A name of each kind, for the examples of the help. */
const examples: Record<EntityKind["name"], string> = { action: "hello", trigger: "news", rule: "greet-on-news", package: "tools" };

/** `ok: created action hello` */
export const done = ({ style }: Context, verb: string, kind: string, name: string): string =>
  `${style.ok} ${verb} ${kind} ${style.bold(name)}\n`;

/** Writes an entity. @throws CliError `Unable to create action 'hello': …`, or what `failed` says */
export async function put(
  context: Context,
  kind: EntityKind,
  written: string,
  body: object,
  overwrite: boolean,
  failed?: string,
): Promise<Entity> {
  const { namespace, entityName } = context.entity(written);
  try {
    return (await context.api.call("PUT", namespace, [kind.collection, entityName], { overwrite }, body)).body as Entity;
  } catch (failure) {
    throw explain(failed ?? `Unable to create ${kind.name} '${entityName}'`, failure, kind.usage);
  }
}

/** Reads an entity. @throws CliError `Unable to get action 'hello': …` */
export async function get(context: Context, kind: EntityKind, written: string, query = {}, verb = "get"): Promise<Entity> {
  const { namespace, entityName } = context.entity(written);
  try {
    return (await context.api.call("GET", namespace, [kind.collection, entityName], query)).body as Entity;
  } catch (failure) {
    throw explain(`Unable to ${verb} ${kind.name} '${entityName}'`, failure, kind.usage || kind.name === "rule");
  }
}

/** The parameters and annotations of the command line, in the form of an entity; what was not given is left out. */
export function bindings({ keyValues: { params, annotations } }: Context): { parameters?: unknown; annotations?: unknown } {
  return { ...(params && { parameters: toKeyValues(params) }), ...(annotations && { annotations: toKeyValues(annotations) }) };
}

/** `get NAME [FIELD]`, `get NAME --summary` */
export function getCommand(kind: EntityKind, options: readonly OptionSpec[] = [], special?: Special, instead?: Instead): Command {
  return {
    name: "get",
    args: `${kind.name.toUpperCase()}_NAME [FIELD_FILTER]`,
    summary: `get ${kind.name}`,
    example: `${kind.name} get ${examples[kind.name]} --summary`,
    arity: [1, 2, `${article(kind)} ${kind.name} name is required.`],
    options: [{ flags: "-s, --summary", text: `summarize ${kind.name} details; parameters with prefix "*" are bound` }, ...options],
    async run(context, [written = "", field], flags) {
      const known = field === undefined ? undefined : fieldNamed(field, kind.shape);
      const askedOtherwise = kind.name === "action" && (flags.summary || flags.url);
      if (field !== undefined && !known && !askedOtherwise) throw badField(kind, field);
      const reply = await special?.(context, written, flags);
      if (reply) return reply;
      const entity = await get(context, kind, written, kind.name === "action" ? { code: false } : {});
      if (flags.summary) return { text: kind.summary(entity, context), json: entity };
      const told = known || context.json ? undefined : await instead?.(context, entity, written);
      if (told !== undefined) return { text: told, json: entity };
      const printed = shaped(entity, kind.shape, known);
      return entityReply(context, kind.name, context.entity(written).entityName, printed, entity, known, field);
    },
  };
}

/** What a `get` does when some flag asks for something else than the entity; undefined if none does. */
type Special = (context: Context, written: string, flags: Options) => Promise<Reply | undefined>;

/** What people are told instead of the whole entity; undefined: the entity. */
type Instead = (context: Context, entity: Entity, written: string) => Promise<string | undefined>;

/** `ok: got action hello` and the entity, or one field of it. */
export function entityReply(
  { style }: Context,
  kind: string,
  name: string,
  entity: Record<string, unknown>,
  raw: unknown,
  known?: string,
  asked = known,
): Reply {
  const got = `${style.ok} got ${kind} ${style.bold(name)}`;
  if (known === undefined) return { text: `${got}\n${jsonText(entity)}`, json: raw };
  const value = entity[known] ?? null;
  return { text: `${got}, displaying field ${style.bold(asked!)}\n${jsonText(value)}`, json: value };
}

/** `delete NAME`, with something to do before, which may have something to say. */
export function deleteCommand(
  kind: EntityKind,
  options: readonly OptionSpec[] = [],
  before?: (context: Context, written: string, flags: Options) => Promise<string | undefined>,
): Command {
  return {
    name: "delete",
    args: `${kind.name.toUpperCase()}_NAME`,
    summary: `delete ${kind.name}`,
    example: `${kind.name} delete ${examples[kind.name]}`,
    arity: [1, 1, `${article(kind)} ${kind.name} name is required.`],
    options,
    async run(context, [written = ""], flags) {
      const { namespace, entityName } = context.entity(written);
      const told = (await before?.(context, written, flags)) ?? "";
      try {
        const { body } = await context.api.call("DELETE", namespace, [kind.collection, entityName]);
        return { text: `${told}${done(context, "deleted", kind.name, entityName)}`, json: body ?? {} };
      } catch (failure) {
        throw explain(`Unable to delete ${kind.name} '${entityName}'`, failure, kind.usage);
      }
    },
  };
}

function badField(kind: EntityKind, field: string): CliError {
  const message = `Invalid field filter '${field}'.`;
  return kind.usage ? usageError(message, EXIT.usage) : new CliError(message);
}

function packageSummary(entity: Entity, { style }: Context): string {
  const members = (what: string, of: unknown): string =>
    ((of ?? []) as Summarized[])
      .map((member) => summaryText(what, { ...member, namespace: `${entity.namespace}/${entity.name}` }, style))
      .join("");
  return summaryText("package", entity, style) + members(" action", entity.actions) + members(" feed  ", entity.feeds);
}

const article = (kind: EntityKind): string => (kind.name === "action" ? "An" : "A");
