/**
 * How a resource type describes its properties, once: the Pulumi schema, the check of input types and the generic
 * difference are all derived from this.
 */
import { UNKNOWN, type ChangeKind, type CheckFailure, type Properties } from "./resource";
import { Archive, Asset } from "./properties";

export type ValueType =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  /** Any JSON value. */
  | "json"
  | "asset"
  | "archive"
  | { list: ValueType }
  /** From names to values. */
  | { map: ValueType }
  | { object: Record<string, PropertyDescription> }
  | { oneOf: ValueType[] };

export interface PropertyDescription {
  type: ValueType;
  description: string;
  /** Whether a program may or must give it; absent: it is an output only. */
  input?: "optional" | "required";
  /** Programs cannot give it, but the check adds it to the inputs: at an import it comes back from there. */
  checked?: boolean;
  /** The output is secret, whatever the input was. */
  secret?: boolean;
  /** A change of it cannot be made in place. */
  replaces?: boolean;
  /** The values that are allowed. */
  values?: readonly string[];
  /** For the documentation. */
  default?: string | number | boolean;
  /** Whether the output always exists. Inputs that are required always do. */
  present?: boolean;
}

export interface ResourceDescription {
  description: string;
  properties: Record<string, PropertyDescription>;
}

/** The failures of inputs whose type is wrong, which are missing, or which the type does not have. */
export function checkTypes(properties: Record<string, PropertyDescription>, inputs: Properties, path = ""): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const [name, value] of Object.entries(inputs)) {
    const property = properties[name];
    if (value === undefined || value === null || name.startsWith("__")) continue;
    if (property?.checked) continue;
    if (!property?.input) {
      const known = Object.keys(properties).filter((key) => properties[key]?.input);
      failures.push({ property: joinPath(path, name), reason: `there is no such input; there are ${known.join(", ")}` });
      continue;
    }
    failures.push(...checkValue(property, value, joinPath(path, name)));
  }
  for (const [name, property] of Object.entries(properties)) {
    if (property.input === "required" && (inputs[name] === undefined || inputs[name] === null)) {
      failures.push({ property: joinPath(path, name), reason: "is required" });
    }
  }
  return failures;
}

/** Where the values stand that are secret in every state, also those inside of objects. */
export function secretPaths({ properties }: Pick<ResourceDescription, "properties">): string[][] {
  return Object.entries(properties).flatMap(([name, { type, secret }]) => {
    if (secret) return [[name]];
    return secretPaths({ properties: membersOf(type) }).map((path) => [name, ...path]);
  });
}

function membersOf(type: ValueType): Record<string, PropertyDescription> {
  return typeof type === "object" && "object" in type ? type.object : {};
}

/**
 * The changes between two sets of checked inputs, by property path; objects and maps are compared key by key. What is
 * unknown counts as changed. `ignore`: top-level properties that are not compared.
 */
export function changesOf(description: ResourceDescription, old: Properties, inputs: Properties, ignore: readonly string[] = []): Record<string, ChangeKind> {
  const changes: Record<string, ChangeKind> = {};
  for (const name of new Set([...Object.keys(old), ...Object.keys(inputs)])) {
    if (name.startsWith("__") || ignore.includes(name)) continue;
    compare(old[name], inputs[name], name, (path, kind) => {
      changes[path] = replaces(description, path) ? `${kind}-replace` : kind;
    });
  }
  return changes;
}

/** Whether a change there, or of what it is part of, cannot be made in place. */
function replaces({ properties }: Pick<ResourceDescription, "properties">, path: string): boolean {
  const [name = "", ...below] = path.split(".");
  const property = properties[name];
  if (!property) return false;
  return property.replaces === true || (below.length > 0 && replaces({ properties: membersOf(property.type) }, below.join(".")));
}

/** `a.b`, or `a["b.c"]` for keys that are not plain words. */
export function joinPath(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** Equal as JSON values, the order of keys aside. */
export function sameValue(a: unknown, b: unknown): boolean {
  let same = true;
  compare(a, b, "", () => (same = false));
  return same;
}

function compare(old: unknown, value: unknown, path: string, changed: (path: string, kind: "add" | "delete" | "update") => void): void {
  if (value === UNKNOWN) return changed(path, old === undefined ? "add" : "update");
  const gone = value === undefined || value === null;
  const absent = old === undefined || old === null;
  if (absent && gone) return;
  if (absent) return changed(path, "add");
  if (gone) return changed(path, "delete");
  if (isRecord(old) && isRecord(value)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(value)])) compare(old[key], value[key], joinPath(path, key), changed);
    return;
  }
  if (Array.isArray(old) && Array.isArray(value)) {
    for (let index = 0; index < Math.max(old.length, value.length); index++) compare(old[index], value[index], joinPath(path, index), changed);
    return;
  }
  if (old instanceof Asset || old instanceof Archive) {
    if (!old.equals(value)) changed(path, "update");
    return;
  }
  if (old !== value) changed(path, "update");
}

function checkValue(property: Pick<PropertyDescription, "type" | "values" | "secret">, value: unknown, path: string): CheckFailure[] {
  if (value === UNKNOWN) return [];
  const { type, values } = property;
  const describe = hidesValues(property) ? () => "what was given" : describeValue;
  if (typeof type === "string") {
    if (!isOfType(type, value)) return [{ property: path, reason: `must be ${nameOf(type)}, not ${describe(value)}` }];
    if (values && !values.includes(value as string)) return [{ property: path, reason: `must be one of ${values.join(", ")}, not ${describe(value)}` }];
    return [];
  }
  if ("oneOf" in type) {
    const tried = type.oneOf.map((one) => checkValue({ type: one, values: one === "string" ? values : undefined }, value, path));
    if (tried.some((failures) => failures.length === 0)) return [];
    // The failure inside of the alternative that the value comes nearest to says more than a list of all.
    const nested = tried.find((failures) => failures.some((failure) => failure.property !== path));
    return nested ?? [{ property: path, reason: `must be ${nameOf(type)}, not ${describe(value)}` }];
  }
  if ("list" in type) {
    if (!Array.isArray(value)) return [{ property: path, reason: `must be ${nameOf(type)}, not ${describe(value)}` }];
    return value.flatMap((item, index) => checkValue({ type: type.list }, item, joinPath(path, index)));
  }
  if (!isRecord(value)) return [{ property: path, reason: `must be ${nameOf(type)}, not ${describe(value)}` }];
  if ("object" in type) return checkTypes(type.object, value, path);
  return Object.entries(value).flatMap(([key, item]) => checkValue({ type: type.map }, item, joinPath(path, key)));
}

function isOfType(type: ValueType & string, value: unknown): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "number":
      return typeof value === "number";
    case "integer":
      return Number.isInteger(value);
    case "asset":
      return value instanceof Asset;
    case "archive":
      return value instanceof Archive;
    default:
      return !(value instanceof Asset) && !(value instanceof Archive);
  }
}

function nameOf(type: ValueType): string {
  if (typeof type === "string") {
    return { string: "a string", integer: "a whole number", number: "a number", boolean: "true or false", json: "a JSON value", asset: "an asset", archive: "an archive" }[type];
  }
  if ("oneOf" in type) return type.oneOf.map(nameOf).join(" or ");
  return "list" in type ? "a list" : "a map";
}

/** A secret, or an object with one in it: a value that is given in the wrong place may be that. */
function hidesValues({ type, secret }: Pick<PropertyDescription, "type" | "secret">): boolean {
  return secret === true || secretPaths({ properties: membersOf(type) }).length > 0;
}

function describeValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (value === null || typeof value !== "object") return String(value);
  if (value instanceof Asset) return "an asset";
  if (value instanceof Archive) return "an archive";
  return Array.isArray(value) ? "a list" : "a map";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Asset) && !(value instanceof Archive);
}
