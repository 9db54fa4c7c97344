/** Names of entities, and the ids of the resources that stand for them. */
import { UNKNOWN, type CheckFailure, type Properties } from "../resource";

/** Where an entity is. `namespace` is `_` for the one that the key belongs to. */
export interface EntityPath {
  namespace: string;
  package?: string;
  name: string;
}

const NAME = /^\w([\w@ .-]{0,254}[\w@.-])?$/;

export function isName(name: string): boolean {
  return NAME.test(name);
}

/** Fills in the resource's own name, and says why a name cannot be one. */
export function checkName(inputs: Properties, resourceName: string, property = "name"): CheckFailure[] {
  const name = inputs[property] ?? (property === "name" ? resourceName : undefined);
  if (name === undefined) return [];
  inputs[property] = name;
  if (name === UNKNOWN || isName(name as string)) return [];
  return [{ property, reason: `${JSON.stringify(name)} cannot be a name: letters, digits, and _ @ . - or spaces within, up to 256 characters` }];
}

/** `_/name` or `_/package/name`. */
export function toId(entity: EntityPath): string {
  return [entity.namespace, entity.package, entity.name].filter((part) => part !== undefined).join("/");
}

/**
 * The reverse of `toId`; also takes what people type at an import: `name`, `package/name`, `/namespace/name`,
 * `/namespace/package/name`. Undefined: it is none of these.
 */
export function parseId(id: string, mayHavePackage: boolean): EntityPath | undefined {
  const parts = id.replace(/^\//, "").split("/");
  const qualified = id.startsWith("/") || parts[0] === "_" || parts.length === (mayHavePackage ? 3 : 2);
  const namespace = qualified ? parts.shift()! : "_";
  const name = parts.pop();
  const [packageName, ...rest] = parts;
  if (!name || rest.length > 0 || ![name, packageName ?? name, namespace].every(isName)) return undefined;
  if (packageName !== undefined && !mayHavePackage) return undefined;
  return packageName === undefined ? { namespace, name } : { namespace, package: packageName, name };
}

/** Where the API has it: `_/actions/package/name`, each part encoded. */
export function apiPath(collection: string, entity: EntityPath): string {
  const parts = [entity.namespace, collection, entity.package, entity.name];
  return parts.flatMap((part) => (part === undefined ? [] : encodeURIComponent(part))).join("/");
}

/** `/namespace/package/name`, from the answer of the API, in which `namespace` may have a package at its end. */
export function qualifiedName(entity: { namespace: string; name: string }): string {
  return `/${entity.namespace}/${entity.name}`;
}

/** A reference to another entity in its full form: `name` and `package/name` are in the key's own namespace. */
export function qualify(reference: string): string {
  if (reference.startsWith("/")) return reference;
  return reference.startsWith("_/") ? `/${reference}` : `/_/${reference}`;
}

/** Whether two references mean the same, `_` being `namespace`. */
export function sameReference(a: string, b: string, namespace: string): boolean {
  const full = (reference: string) => qualify(reference).replace(/^\/_\//, `/${namespace}/`);
  return full(a) === full(b);
}
