import type { ActivationResponse } from "../model/activation";
import { type EntityPath, isEntityName } from "../model/names";
import type { Json, JsonObject } from "../model/parameters";

/** How a conductor wants its composition to go on. */
export type Continuation =
  /** Run this action, then ask the conductor again with its result and the state. */
  | { action: Json; params: JsonObject; state: JsonObject }
  /** It has ended so. */
  | { response: ActivationResponse };

/**
 * Reads the result of a conductor: `{action?, params?, state?}`. What is no object where one is expected is put into one.
 * Source: OpenWhisk's `docs/conductors.md`.
 */
export function continuationOf({ statusCode, result }: ActivationResponse): Continuation {
  if (!isObject(result)) return { response: { statusCode, result } };
  const params = field(result, "params");
  const boxed = params === undefined ? undefined : isObject(params) ? params : { value: params };
  const action = field(result, "action");
  if (action === undefined) return { response: { statusCode, result: boxed ?? result } };
  const state = field(result, "state");
  return { action, params: boxed ?? {}, state: state === undefined ? {} : isObject(state) ? state : { state } };
}

/** What a conductor is given: the result of what ran last, or the payload, with its own state on top. */
export const conductorInput = (output: Json, state: JsonObject): JsonObject => ({ ...(isObject(output) ? output : { value: output }), ...state });

/**
 * The action that a conductor names: `name`, `package/name` or `/namespace/package/name`. Three parts are always a full name.
 *
 * @param namespace of who invokes: for what has none, or `_`
 * @returns undefined when it is no name
 */
export function componentPath(name: Json, namespace: string): EntityPath | undefined {
  if (typeof name !== "string") return undefined;
  const parts = name.split("/").filter((part) => part !== "");
  const absolute = name.startsWith("/");
  if (!parts.every(isEntityName) || parts.length < (absolute ? 2 : 1) || parts.length > 3) return undefined;
  const [root, ...rest] = absolute || parts.length === 3 ? parts : [namespace, ...parts];
  const home = root === "_" ? namespace : root!;
  return rest.length === 2 ? { namespace: home, package: rest[0]!, name: rest[1]! } : { namespace: home, name: rest[0]! };
}

const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

const field = (object: JsonObject, name: string): Json | undefined => (Object.hasOwn(object, name) ? object[name] : undefined);
