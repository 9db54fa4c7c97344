import { annotationOptions, paramOptions, type Command, type Group } from "../command";
import { explain, usageError } from "../errors";
import { bindings, deleteCommand, done, getCommand, kinds, listCommand, put } from "./entities";

const write = (name: "create" | "update"): Command => ({
  name,
  args: "PACKAGE_NAME",
  summary: name === "create" ? "create a new package" : "update an existing package, or create a package if it does not exist",
  arity: [1, 1, "A package name is required."],
  options: [
    ...paramOptions,
    ...annotationOptions,
    { flags: "--shared <SCOPE>", text: "package visibility SCOPE; yes = shared, no = private" },
  ],
  async run(context, [written = ""], { shared }) {
    const { namespace, entityName } = context.name(written);
    const body = { namespace, name: entityName, publish: publish(shared), ...bindings(context) };
    const saved = await put(context, kinds.package, written, body, name === "update", name);
    return { text: done(context, `${name}d`, "package", entityName), json: saved };
  },
});

const bind: Command = {
  name: "bind",
  args: "PACKAGE_NAME BOUND_PACKAGE_NAME",
  summary: "bind parameters to a package",
  arity: [2, 2, "A package name and binding name are required."],
  options: [...paramOptions, ...annotationOptions, { flags: "-o, --overwrite", text: "overwrite bind" }],
  async run(context, [source = "", written = ""], { overwrite }) {
    const { namespace, entityName } = context.name(source);
    const bound = context.name(written);
    try {
      const body = { ...bindings(context), binding: { namespace, name: entityName } };
      const answer = await context.api.call(
        "PUT",
        bound.namespace,
        ["packages", bound.entityName],
        { overwrite: overwrite === true },
        body,
      );
      return { text: done(context, "created", "binding", bound.entityName), json: answer.body };
    } catch (failure) {
      throw explain("Binding creation failed", failure);
    }
  },
};

function publish(shared: unknown): boolean | undefined {
  if (shared === undefined) return undefined;
  const scope = String(shared).toLowerCase();
  if (scope !== "yes" && scope !== "no") throw usageError(`Cannot use value '${String(shared)}' for shared.`);
  return scope === "yes";
}

export const packageGroup: Group = {
  name: "package",
  summary: "work with packages",
  commands: [bind, write("create"), write("update"), getCommand(kinds.package), deleteCommand(kinds.package), listCommand(kinds.package)],
};
