import type { Request } from "express";
import { badRequest } from "../../core/errors";

export const MAX_LIST_LIMIT = 200;
const DEFAULT_LIST_LIMIT = 30;

export interface Page {
  limit: number;
  skip: number;
}

const text = (request: Request, name: string): string | undefined => {
  const value = request.query[name];
  return typeof value === "string" ? value : undefined;
};

/** `limit` and `skip` of a list. A limit of 0 means the largest. */
export function pageOf(request: Request, collection: string, standard = DEFAULT_LIST_LIMIT): Page {
  const limit = integer(request, "limit", standard, collection);
  const skip = integer(request, "skip", 0, collection);
  if (limit < 0 || limit > MAX_LIST_LIMIT) throw badRequest(`The value '${limit}' is not in the range of 0 to ${MAX_LIST_LIMIT} for ${collection}.`);
  if (skip < 0) throw badRequest(`The value '${skip}' is not greater than or equal to 0 for ${collection}.`);
  return { limit: limit === 0 ? MAX_LIST_LIMIT : limit, skip };
}

function integer(request: Request, name: string, otherwise: number, collection: string): number {
  const value = text(request, name);
  if (value === undefined) return otherwise;
  if (!/^-?\d{1,9}$/.test(value)) throw badRequest(`The value '${value}' is not an integer for ${collection}.`);
  return Number(value);
}

/** @throws WhiskError 400 when it is neither true nor false */
export function flagOf(request: Request, name: string, otherwise = false): boolean {
  const value = text(request, name);
  if (value === undefined) return otherwise;
  if (["true", "yes", "on", "1"].includes(value.toLowerCase())) return true;
  if (["false", "no", "off", "0"].includes(value.toLowerCase())) return false;
  throw badRequest(`The query parameter '${name}' was malformed:\n'${value}' is not a valid Boolean value`);
}

/** Milliseconds since 1970. */
export function timeOf(request: Request, name: string): number | undefined {
  const value = text(request, name);
  if (value === undefined) return undefined;
  if (!/^\d{1,15}$/.test(value)) throw badRequest(`Parameter is not a valid value for epoch seconds: ${value}`);
  return Number(value);
}

/** How long a blocking call waits. Milliseconds. */
export function timeoutOf(request: Request, max: number): number {
  const value = text(request, "timeout");
  if (value === undefined) return max;
  if (!/^\d{1,9}$/.test(value) || Number(value) > max || Number(value) <= 0) throw badRequest(`Timeout must be number of milliseconds up to ${max}.`);
  return Number(value);
}
