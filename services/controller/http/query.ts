import type { Request } from "express";
import { badRequest } from "../../core/errors";

export const MAX_LIST_LIMIT = 200;
const DEFAULT_LIST_LIMIT = 30;
const INT = { min: -(2 ** 31), max: 2 ** 31 - 1 };

export interface Page {
  limit: number;
  skip: number;
}

/** The refusal of a query parameter, as OpenWhisk words it. */
export const malformedQuery = (name: string, reason: string) => badRequest(`The query parameter '${name}' was malformed:\n${reason}`);

/** Of one that is there several times, the first. */
export function queryOf(request: Request, name: string): string | undefined {
  const value = request.query[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" ? first : undefined;
}

/** `limit` and `skip` of a list. A limit of 0 means the largest. */
export function pageOf(request: Request, collection: string, standard = DEFAULT_LIST_LIMIT): Page {
  const skip = integer(request, "skip", 0, collection);
  if (skip < 0) throw malformedQuery("skip", `The value '${skip}' is not greater than or equal to 0 for ${collection}.`);
  const limit = integer(request, "limit", standard, collection);
  if (limit < 0 || limit > MAX_LIST_LIMIT) throw malformedQuery("limit", `The value '${limit}' is not in the range of 0 to ${MAX_LIST_LIMIT} for ${collection}.`);
  return { limit: limit === 0 ? MAX_LIST_LIMIT : limit, skip };
}

function integer(request: Request, name: string, otherwise: number, collection: string): number {
  const value = queryOf(request, name);
  if (value === undefined) return otherwise;
  const number = /^[+-]?\d+$/.test(value) ? Number(value) : NaN;
  if (!(number >= INT.min && number <= INT.max)) throw malformedQuery(name, `The value '${value}' is not an integer for ${collection}.`);
  return number;
}

/** @throws WhiskError 400 when it is neither true nor false */
export function flagOf(request: Request, name: string, otherwise = false): boolean {
  const value = queryOf(request, name);
  switch (value?.toLowerCase()) {
    case undefined:
    case "":
      return otherwise;
    case "true":
    case "yes":
    case "on":
    case "1":
      return true;
    case "false":
    case "no":
    case "off":
    case "0":
      return false;
    default:
      throw malformedQuery(name, `'${value}' is not a valid Boolean value`);
  }
}

/** Milliseconds since 1970. */
export function timeOf(request: Request, name: string): number | undefined {
  const value = queryOf(request, name);
  if (value === undefined) return undefined;
  if (!/^[+-]?\d{1,15}$/.test(value)) throw malformedQuery(name, `Parameter is not a valid value for epoch seconds: ${value}`);
  return Number(value);
}

/** How long a blocking call waits. Milliseconds. */
export function timeoutOf(request: Request, max: number): number {
  const value = queryOf(request, "timeout");
  if (value === undefined) return max;
  if (!/^\d{1,9}$/.test(value) || Number(value) > max || Number(value) <= 0) throw malformedQuery("timeout", `Timeout must be number of milliseconds up to ${max}.`);
  return Number(value);
}
