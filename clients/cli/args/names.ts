import { EXIT, usageError } from "../errors";

/** A name as people write it, taken apart. */
export interface QualifiedName {
  /** `_` is the namespace of the key. */
  namespace: string;
  /** Empty if there is none. */
  packageName: string;
  /** `package/entity` or `entity`; empty if the name is only a namespace. */
  entityName: string;
  /** The last part. */
  entity: string;
}

/**
 * Takes a name apart: `hello`, `pkg/hello`, `/ns/hello`, `/ns/pkg/hello`, `ns/pkg/hello` or, for lists, `/ns`.
 *
 * @param namespace what a name without a namespace belongs to
 * @throws CliError if a part is empty or there are too many
 */
export function qualifiedName(name: string, namespace: string): QualifiedName {
  const written = name.split("/");
  const absolute = name.startsWith("/") ? written.slice(1) : written.length === 3 ? written : undefined;
  const parts = absolute ?? [namespace, ...written];
  if (parts.length > 3 || parts.some((part) => part === "" || part === ".")) throw invalidName(name);
  return {
    namespace: parts[0]!,
    packageName: parts.length === 3 ? parts[1]! : "",
    entityName: parts.slice(1).join("/"),
    entity: parts.at(-1)!,
  };
}

/** The name with its namespace, as rules and sequences refer to it: `/_/hello`. */
export function fullName(name: string, namespace: string): string {
  const { namespace: ns, entityName } = qualifiedName(name, namespace);
  return `/${ns}/${entityName}`;
}

export const invalidName = (name: string) =>
  usageError(`'${name}' is not a valid qualified name: A valid qualified name must be specified.`, EXIT.general);
