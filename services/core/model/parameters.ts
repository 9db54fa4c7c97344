/** A JSON value, and the objects that go into and come out of actions. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };
/** What an action can be called with. */
export type Payload = JsonObject | Json[];

/** A parameter or annotation as the API carries it. */
export interface KeyValue {
  key: string;
  value: Json;
}

export interface Parameter extends KeyValue {
  /** Given to the action as an environment variable at initialisation instead of as an argument. */
  init?: boolean;
}

/** Later lists win, key by key; the order of first appearance is kept. */
export function mergeParameters<T extends KeyValue>(...lists: readonly (readonly T[] | undefined)[]): T[] {
  const merged = new Map<string, T>();
  for (const list of lists) for (const entry of list ?? []) merged.set(entry.key, entry);
  return [...merged.values()];
}

/** Arguments of a run: declared parameters (without the init ones) overlaid by what the caller sent. */
export function argumentsOf(parameters: readonly Parameter[], payload: Payload): Payload {
  if (Array.isArray(payload)) return payload;
  const result: JsonObject = {};
  for (const { key, value, init } of parameters) if (!init) define(result, key, value);
  for (const key of Object.keys(payload)) define(result, key, payload[key]!);
  return result;
}

/** Environment variables of the initialisation. Strings go as they are, null as the empty text, anything else as JSON. */
export function environmentOf(parameters: readonly Parameter[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const { key, value, init } of parameters) {
    if (init) define(result, key, typeof value === "string" ? value : value === null ? "" : JSON.stringify(value));
  }
  return result;
}

/** The value of an annotation, if it is there. */
export const valueOf = (list: readonly KeyValue[], key: string): Json | undefined => list.find((entry) => entry.key === key)?.value;

/** OpenWhisk's truthiness of a flag annotation: anything but absent, false, null, 0 and "". */
export const isTruthy = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== false && value !== 0 && value !== "";

/** `__proto__` as a key must become a property, not a prototype. */
function define<T>(target: Record<string, T>, key: string, value: T): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}
