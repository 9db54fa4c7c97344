import { annotationOptions, paramOptions, type Command, type Group } from "../command";
import { apiErrorBehind, CliError, explain, usageError } from "../errors";
import { bindings, deleteCommand, done, getCommand, kinds, put } from "./entities";
import { listCommand, namespaceOf } from "./lists";

const write = (name: "create" | "update"): Command => ({
  name,
  args: "PACKAGE_NAME",
  summary: name === "create" ? "create a new package" : "update an existing package, or create a package if it does not exist",
  example: `package ${name} tools --shared yes --param city Austin`,
  arity: [1, 1, "A package name is required."],
  options: [
    ...paramOptions,
    ...annotationOptions,
    { flags: "--shared <SCOPE>", text: "package visibility SCOPE; yes = shared, no = private" },
  ],
  async run(context, [written = ""], { shared }) {
    const { namespace, entityName } = context.entity(written);
    const body = { namespace, name: entityName, publish: publish(shared), ...bindings(context) };
    const failed = name === "update" ? "Package update failed" : undefined;
    const saved = await put(context, kinds.package, written, body, name === "update", failed);
    return { text: done(context, `${name}d`, "package", entityName), json: saved };
  },
});

const bind: Command = {
  name: "bind",
  args: "PACKAGE_NAME BOUND_PACKAGE_NAME",
  summary: "bind parameters to a package",
  example: "package bind /whisk.system/samples mySamples --param place Valhalla",
  arity: [2, 2, "A package name and binding name are required."],
  options: [...paramOptions, ...annotationOptions, { flags: "-o, --overwrite", text: "overwrite bind" }],
  async run(context, [source = "", written = ""], { overwrite }) {
    const { namespace, entityName } = context.entity(source);
    const bound = context.entity(written);
    const body = { ...bindings(context), binding: { namespace, name: entityName } };
    try {
      const answer = await context.api.call(
        "PUT",
        bound.namespace,
        ["packages", bound.entityName],
        { overwrite: overwrite === true },
        body,
      );
      return { text: done(context, "created", "binding", written), json: answer.body };
    } catch (failure) {
      throw explain("Binding creation failed", failure);
    }
  },
};

/** What `POST packages/refresh` answers where there is such a thing. */
interface Refreshed {
  added?: string[];
  updated?: string[];
  deleted?: string[];
}

const refresh: Command = {
  name: "refresh",
  args: "[NAMESPACE]",
  summary: "refresh package bindings, on platforms that have this",
  example: "package refresh",
  arity: [0, 1, "An optional namespace is the only valid argument."],
  async run(context, [written]) {
    const namespace = namespaceOf(context, written);
    try {
      const { body } = await context.api.call("POST", namespace, ["packages", "refresh"]);
      const { added = [], updated = [], deleted = [] } = (body ?? {}) as Refreshed;
      const part = (title: string, names: string[]): string => [`${title} bindings:`, ...names].map((line) => `${line}\n`).join("");
      const parts = [part("created", added), part("updated", updated), part("deleted", deleted)];
      return { text: `'${namespace}' refreshed successfully\n${parts.join("")}`, json: { added, updated, deleted } };
    } catch (failure) {
      const status = apiErrorBehind(failure)?.status ?? 0;
      if (![404, 405, 501].includes(status)) throw explain(`Package refresh for namespace '${namespace}' failed`, failure);
      const missing = new CliError("The package refresh feature is not implemented in the target deployment", status % 256);
      missing.cause = failure;
      throw missing;
    }
  },
};

function publish(shared: unknown): boolean | undefined {
  if (shared === undefined || shared === "") return undefined;
  const scope = String(shared).toLowerCase();
  if (scope !== "yes" && scope !== "no") throw usageError(`Cannot use value '${String(shared)}' for shared.`);
  return scope === "yes";
}

export const packageGroup: Group = {
  name: "package",
  summary: "work with packages",
  commands: [
    bind,
    write("create"),
    write("update"),
    getCommand(kinds.package),
    deleteCommand(kinds.package),
    listCommand(kinds.package),
    refresh,
  ],
};
