import { validateHeaderName, validateHeaderValue } from "node:http";
import { badRequest } from "../../core/errors";
import type { Json, JsonObject } from "../../core/model/parameters";

/** Headers that say how the bytes travel: with an action's word for it a client might wait for bytes that never come. */
const FRAMING = new Set(["content-length", "transfer-encoding", "connection", "keep-alive", "trailer", "upgrade", "te"]);

/**
 * The headers that an action wants to answer with, by their names in lower case. A list is a header several times.
 *
 * @throws WhiskError 400 when HTTP does not allow them
 */
export function actionHeaders(headers: Json | undefined): Map<string, string[]> {
  const result = new Map<string, string[]>();
  if (headers === undefined) return result;
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) throw INVALID();
  for (const [name, value] of Object.entries(headers satisfies JsonObject)) {
    const key = name.toLowerCase();
    const values = flat(value).map(String);
    check(name, values);
    if (!FRAMING.has(key) && values.length > 0) result.set(key, [...(result.get(key) ?? []), ...values]);
  }
  return result;
}

function flat(value: Json): (string | number | boolean)[] {
  if (Array.isArray(value)) return value.flatMap(flat);
  if (typeof value === "object") throw INVALID();
  return [value];
}

function check(name: string, values: string[]): void {
  try {
    validateHeaderName(name);
    for (const value of values) validateHeaderValue(name, value);
  } catch {
    throw INVALID();
  }
}

const INVALID = () => badRequest("Response is not valid 'message/http'.");
