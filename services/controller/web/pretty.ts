import type { Json } from "../../core/model/parameters";

/** JSON as OpenWhisk prints it for people: a line for each member of an object, all elements of an array in one. */
export function prettyJson(value: Json, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((element) => prettyJson(element, indent)).join(", ")}]`;
  const inner = `${indent}  `;
  const members = Object.keys(value).map((key) => `${inner}${JSON.stringify(key)}: ${prettyJson(value[key]!, inner)}`);
  return `{\n${members.join(",\n")}\n${indent}}`;
}
