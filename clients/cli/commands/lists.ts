import { pageOptions, type Command } from "../command";
import type { Context } from "../context";
import { apiErrorBehind, explain, usageError } from "../errors";
import { listText, sortByName } from "../output/lists";
import { get, kinds, type Entity, type EntityKind } from "./entities";

/** `list [NAMESPACE]` */
export function listCommand(kind: EntityKind): Command {
  const packages = kind.name === "action" ? " | PACKAGE_NAME" : "";
  return {
    name: "list",
    args: `[NAMESPACE${packages}]`,
    summary: kind.name === "action" ? "list all actions in a namespace or actions contained in a package" : `list all ${kind.collection}`,
    example: `${kind.name} list --name-sort --limit 50`,
    arity: [0, 1, "An optional namespace is the only valid argument."],
    options: [...pageOptions(kind.collection), { flags: "-n, --name-sort", text: "sort the list alphabetically by entity name" }],
    async run(context, [written], { limit = 30, skip = 0, nameSort }) {
      const { namespace, entityName } =
        kind.name === "action" && written !== undefined
          ? context.name(written)
          : { namespace: namespaceOf(context, written), entityName: "" };
      const entities = await list(context, kind, namespace, entityName, { limit: Number(limit), skip: Number(skip) });
      return {
        text: listText(kind.collection, nameSort ? sortByName(kind.collection, entities) : entities, context.style),
        json: nameSort ? sortByName(kind.collection, entities) : entities,
      };
    },
  };
}

/**
 * The namespace that an argument names, or the configured one.
 *
 * @throws CliError if the argument names something else
 */
export function namespaceOf(context: Context, written: string | undefined): string {
  if (written === undefined) return context.settings.namespace;
  const { namespace, entityName } = context.name(written);
  if (entityName === "") return namespace;
  throw usageError(
    `An entity name, '${entityName}', was provided instead of a namespace. Valid namespaces are of the following format: /NAMESPACE.`,
  );
}

/** The entities of a namespace or, for actions, of a package. `what` is what a failure says could not be listed. */
export async function list(
  context: Context,
  kind: EntityKind,
  namespace: string,
  packageName: string,
  page: { limit: number; skip: number },
  what: string = kind.collection,
): Promise<Entity[]> {
  try {
    const { body } = await context.api.call("GET", namespace, [kind.collection, ...(packageName ? [packageName, ""] : [])], page);
    const entities = body as Entity[];
    if (kind.name !== "rule") return entities;
    return (await Promise.all(entities.map((rule) => withStatus(context, namespace, rule)))).flat();
  } catch (failure) {
    throw explain(
      `Unable to obtain the list of ${what} for namespace '${namespace === "_" ? "default" : namespace}'`,
      failure,
      kind.usage && what === kind.collection,
    );
  }
}

/** Lists of the original platform do not tell the status of a rule. Nothing is left of a rule that is gone meanwhile. */
async function withStatus(context: Context, namespace: string, rule: Entity): Promise<Entity[]> {
  if (rule.status) return [rule];
  try {
    return [{ ...rule, status: (await get(context, kinds.rule, `/${namespace}/${rule.name}`, {}, "get status of")).status }];
  } catch (failure) {
    if (apiErrorBehind(failure)?.status === 404) return [];
    throw failure;
  }
}
