import type { Request } from "express";
import type { JsonObject } from "../../core/model/parameters";
import { objectBody } from "./body";
import { flagOf } from "./query";
import { parsePut, sizedPut } from "./schemas";
import { checkSizes } from "./sizes";

/** What a PUT brings, as far as it has been looked at. */
export interface Put<E> {
  /** The rest of it is still to be read. */
  body: JsonObject;
  overwrite: boolean;
  exec?: E;
}

/**
 * Reads what may be large in the PUT of an entity, and then its flag. OpenWhisk looks at all else only after that, so what is
 * wrong here is told first.
 *
 * @param allowed bytes of parameters, and of annotations
 * @param exec reads that of an action
 * @throws WhiskError 400, 413
 */
export function putOf<E = never>(request: Request, allowed: number, exec?: { read(given: JsonObject): E; size(read: E): number }): Put<E> {
  const body = objectBody(request);
  const given = exec && parsePut(sizedPut.exec, body).exec;
  const read = given && exec.read(given);
  checkSizes({ exec: read && exec.size(read), ...parsePut(sizedPut.lists, body) }, allowed);
  return { body, overwrite: flagOf(request, "overwrite"), exec: read };
}
