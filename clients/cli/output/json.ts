import { isRawNumber } from "../api/exact-json";

/** Field by field what an entity looks like when it is printed: the order, and what stands for a field that is missing. */
export interface Shape {
  fields: Record<string, unknown>;
  /** Fields that are left out when they are missing. */
  optional?: readonly string[];
  nested?: Record<string, readonly string[]>;
}

/** JSON as the official CLI prints it: four spaces, a new line at the end. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value === undefined ? null : value, null, 4)}\n`;

/** The same value with the names in its objects in alphabetical order, as the official CLI prints what has no fixed shape. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object" || isRawNumber(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/**
 * An entity in the order of its shape, optional fields only if there is something in them, but the field `asked` in any
 * case; a field that the shape does not know comes last.
 */
export function shaped(
  entity: Record<string, unknown>,
  { fields, optional = [], nested = {} }: Shape,
  asked?: string,
): Record<string, unknown> {
  const known = Object.keys(fields).filter((name) => name === asked || !optional.includes(name) || !isEmpty(entity[name]));
  const names = [...known, ...Object.keys(entity).filter((name) => !(name in fields))];
  return Object.fromEntries(names.map((name) => [name, ordered(entity[name] ?? fields[name], nested[name] ?? [])]));
}

/** The name of a field, found without regard to case; undefined if there is none. */
export function fieldNamed(name: string, { fields }: Shape): string | undefined {
  return Object.keys(fields).find((field) => field.toLowerCase() === name.toLowerCase());
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || value === 0 || (Array.isArray(value) && value.length === 0);

/** A value, or each of a list of values, with these names first and the others in alphabetical order. */
function ordered(value: unknown, first: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => ordered(item, first));
  if (value === null || typeof value !== "object" || isRawNumber(value)) return value;
  const known = first.filter((name) => name in value);
  const all = sorted(value) as Record<string, unknown>;
  return Object.fromEntries([...known, ...Object.keys(all).filter((name) => !known.includes(name))].map((name) => [name, all[name]]));
}
