import type { NextFunction, Request, Response } from "express";
import { WhiskError } from "../../core/errors";
import { accepts } from "./mediaRanges";

const JSON_TYPE = "application/json";

/** Refuses clients that do not take JSON, before anything is done for them. @throws WhiskError 406 */
export function requireAcceptsJson({ headers }: Request, _response: Response, next: NextFunction): void {
  if (!accepts(headers.accept, JSON_TYPE)) throw new WhiskError(406, `Resource representation is only available with these types:\n${JSON_TYPE}`);
  next();
}
