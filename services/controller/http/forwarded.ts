import type { Request } from "express";

/** The headers of a request as a trigger hands them to its actions: without the key, which is the platform's business. */
export function forwardedHeaders({ headers }: Request): Record<string, string> {
  const { authorization: _, ...rest } = headers;
  return Object.fromEntries(Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]])));
}
