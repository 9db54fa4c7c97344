import { badRequest } from "../errors";

const NAME_MAX_LENGTH = 256;
/** OpenWhisk's rule: starts with a word character, then those, blanks and @ . & -, not ending in a blank. */
const NAME = /^(\w|\w[\w@ .&-]{0,254}[\w@.&-])$/;

export const isEntityName = (text: string): boolean => NAME.test(text);

/** @throws WhiskError 400 that names the part at fault */
export function checkEntityName(text: string, what = "name"): string {
  if (text.length > NAME_MAX_LENGTH) {
    throw tooLong(text, what);
  }
  if (!isEntityName(text)) {
    throw badRequest(`The ${what} '${text}' contains characters that are not allowed: it may hold letters, digits, blanks and _ @ . & -, and starts with a letter, a digit or _.`);
  }
  return text;
}

const tooLong = (text: string, what: string) =>
  badRequest(`The ${what} is ${text.length} characters long; the limit is ${NAME_MAX_LENGTH}.`);

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
  for (const part of parts) checkEntityName(part, "entity name");
  const home = (part: string) => (part === "_" ? namespace : part);
  const [a, b, c] = parts as [string, string?, string?];
  if (parts.length === 3) return { namespace: home(a), package: b!, name: c! };
  if (parts.length === 2) return absolute ? { namespace: home(a), name: b! } : { namespace, package: a, name: b! };
  if (parts.length === 1 && !absolute) return { namespace, name: a };
  throw badRequest(`'${text}' is not the name of an entity: write name, package/name or /namespace/package/name.`);
}

/** The inverse of {@link keyOf}. */
export function pathOfKey(key: string): EntityPath {
  const parts = key.split("/");
  return parts.length === 3
    ? { namespace: parts[0]!, package: parts[1]!, name: parts[2]! }
    : { namespace: parts[0]!, name: parts[1]! };
}
