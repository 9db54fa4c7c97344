// @ts-check
"use strict";

/** How deep causes and properties of errors are followed. */
const DEPTH = 8;

/**
 * The reason of a rejected promise as plain data: an Error becomes `{name, message, stack, …}` with its own properties
 * and its cause, other values stay what they are, nothing becomes `{}`.
 * @param {unknown} reason
 * @returns {unknown}
 */
function serializeError(reason) {
  return reason ? plain(reason, [], DEPTH) : {};
}

/** @param {unknown} value @param {object[]} above what contains it @param {number} depth @returns {unknown} */
function plain(value, above, depth) {
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value === "function") return `[Function: ${value.name || "anonymous"}]`;
  if (typeof value !== "object" || value === null) return value;
  if (above.includes(value)) return "[Circular]";
  if (depth === 0) return Array.isArray(value) ? "[Array]" : "[Object]";
  if (!(value instanceof Error) && typeof (/** @type {any} */ (value).toJSON) === "function") return value;

  const within = [...above, value];
  const inner = (/** @type {unknown} */ part) => plain(part, within, depth - 1);
  if (Array.isArray(value)) return value.map(inner);
  /** @type {Record<string, unknown>} */
  const data = {};
  for (const [key, part] of Object.entries(value)) if (typeof part !== "function") data[key] = inner(part);
  if (value instanceof Error || isForeignError(value)) {
    for (const key of ["name", "message", "stack", "code", "cause", "errors"]) {
      const part = /** @type {any} */ (value)[key];
      if (part !== undefined && part !== null) data[key] = inner(part);
    }
  }
  return data;
}

/** An Error of another realm (a vm context) is no instance of this one's class. @param {object} value */
function isForeignError(value) {
  return Object.prototype.toString.call(value) === "[object Error]";
}

module.exports = { serializeError };
