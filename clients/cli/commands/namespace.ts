import { checkArity, type Command, type Group } from "../command";
import { explain } from "../errors";
import { listText, sortByName } from "../output/lists";
import { kinds } from "./entities";
import { list } from "./lists";

const noArguments = "No arguments are required.";

const listNamespaces: Command = {
  name: "list",
  summary: "list available namespaces",
  example: "namespace list",
  arity: [0, 0, noArguments],
  async run({ api, style }) {
    try {
      const names = await api.namespaces();
      return { text: `${style.bold("namespaces")}\n${names.map((name) => `${name}\n`).join("")}`, json: names };
    } catch (failure) {
      throw explain("Unable to obtain the list of available namespaces", failure);
    }
  },
};

/** Everything in the namespace; also `whisk list`. */
const everything = (name: string, example: string): Command => ({
  name,
  summary: "list the packages, actions, triggers and rules of the namespace",
  example,
  arity: [0, 1, noArguments],
  options: [{ flags: "-n, --name-sort", text: "sort the lists alphabetically by entity name" }],
  async run(context, args, { nameSort }) {
    // The official CLI takes this one name, that of its own namespace.
    if (args[0] !== "/_") checkArity(args, [0, 0, noArguments]);
    const { namespace } = context.settings;
    const parts = await Promise.all(
      [kinds.package, kinds.action, kinds.trigger, kinds.rule].map(async (kind) => {
        const entities = await list(context, kind, namespace, "", { limit: 0, skip: 0 }, "entities");
        return { kind: kind.collection, entities: nameSort ? sortByName(kind.collection, entities) : entities };
      }),
    );
    const heading = `Entities in namespace: ${context.style.bold(namespace === "_" ? "default" : namespace)}\n`;
    return {
      text: heading + parts.map(({ kind, entities }) => listText(kind, entities, context.style)).join(""),
      json: Object.fromEntries(parts.map(({ kind, entities }) => [kind, entities])),
    };
  },
});

export const listEverything = everything("list", "list --name-sort");

export const namespaceGroup: Group = {
  name: "namespace",
  summary: "work with namespaces",
  commands: [listNamespaces, everything("get", "namespace get")],
};
