import { badRequest } from "../errors";

const NAME_MAX_LENGTH = 256;
/** OpenWhisk's rule: starts with a word character, then those, blanks and @ . & -, not ending in a blank. */
const NAME = /^(\w|\w[\w@ .&-]{0,254}[\w@.&-])$/;

export const isEntityName = (text: string): boolean => NAME.test(text);

/** The name of an entity as it stands in an address. The texts are OpenWhisk's, to the letter. @throws WhiskError 400 */
export function checkEntityName(text: string): string {
  if (text.length > NAME_MAX_LENGTH) throw tooLong("Name segement", text);
  if (!isEntityName(text)) throw badRequest("The name of the entity contains illegal characters.");
  return text;
}

/** The name of a namespace as it stands in an address. @throws WhiskError 400 */
export function checkNamespaceName(text: string): string {
  if (text.length > NAME_MAX_LENGTH) throw tooLong("Namespace", text);
  if (!isEntityName(text)) throw badRequest("The namespace contains illegal characters.");
  return text;
}

const tooLong = (what: string, text: string) => badRequest(`${what} longer than allowed: ${text.length} > ${NAME_MAX_LENGTH}.`);

/** Where an entity is: `namespace/name` or `namespace/package/name`. */
export interface EntityPath {
  namespace: string;
  package?: string;
  name: string;
}

/** The unique key of an entity. Actions, triggers, rules and packages share one space of names, as in OpenWhisk. */
export const keyOf = (path: EntityPath): string =>
  path.package === undefined ? `${path.namespace}/${path.name}` : `${path.namespace}/${path.package}/${path.name}`;

/** The path of what contains the entity: `namespace` or `namespace/package`. */
export const containerOf = (path: EntityPath): string =>
  path.package === undefined ? path.namespace : `${path.namespace}/${path.package}`;

/**
 * Reads a reference such as `/ns/pkg/name`, `ns/pkg/name`, `/ns/name`, `pkg/name`, `/_/name` or `name`.
 * `_` stands for `namespace`. Without a leading slash, two parts are package and name.
 *
 * @throws WhiskError 400
 */
export function parseEntityPath(text: string, namespace: string): EntityPath {
  const absolute = text.startsWith("/");
  const parts = (absolute ? text.slice(1) : text).split("/");
  parts.forEach(checkEntityName);
  const home = (part: string) => (part === "_" ? namespace : part);
  const [a, b, c] = parts as [string, string?, string?];
  if (parts.length === 3) return { namespace: home(a), package: b!, name: c! };
  if (parts.length === 2) return absolute ? { namespace: home(a), name: b! } : { namespace, package: a, name: b! };
  if (parts.length === 1 && !absolute) return { namespace, name: a };
  throw badRequest(`'${text}' is not the name of an entity: write name, package/name or /namespace/package/name.`);
}

/**
 * Reads a full name from a body: `/ns/name`, `ns/pkg/name` or `{path: "ns/pkg", name}`; `_` stands for `namespace`. Other than in
 * {@link parseEntityPath} a slash at the start means nothing, and a name alone is refused, as in OpenWhisk.
 *
 * @throws WhiskError 400
 */
export function parseFullName(value: unknown, namespace: string): EntityPath {
  const parts = partsOf(value);
  const odd = parts?.find((part) => !isEntityName(part));
  if (parts === undefined || parts.length > 3) throw malformed("fully qualified name malformed");
  if (odd !== undefined) throw malformed(`requirement failed: path contains invalid parts ${JSON.stringify(odd)}`);
  if (parts.length < 2) throw malformed("requirement failed: The fully qualified name of the entity must contain at least the namespace and the name of the entity.");
  const home = parts[0] === "_" ? namespace : parts[0]!;
  return parts.length === 2 ? { namespace: home, name: parts[1]! } : { namespace: home, package: parts[1]!, name: parts[2]! };
}

function partsOf(value: unknown): string[] | undefined {
  if (typeof value === "string") return value.split("/").filter((part) => part !== "");
  if (typeof value !== "object" || value === null) return undefined;
  const { path, name } = value as { path?: unknown; name?: unknown };
  return typeof path === "string" && typeof name === "string" ? [...partsOf(path)!, name] : undefined;
}

const malformed = (reason: string) => badRequest(`The request content was malformed:\n${reason}`);

/** The inverse of {@link keyOf}. */
export function pathOfKey(key: string): EntityPath {
  const parts = key.split("/");
  return parts.length === 3
    ? { namespace: parts[0]!, package: parts[1]!, name: parts[2]! }
    : { namespace: parts[0]!, name: parts[1]! };
}
