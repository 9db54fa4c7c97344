import type { NextFunction, Request, Response } from "express";
import { WhiskError } from "../../core/errors";

const JSON_TYPE = "application/json";

/**
 * Refuses clients that do not take JSON, before anything is done for them. A header that names no type at all is overlooked.
 *
 * @throws WhiskError 406
 */
export function requireAcceptsJson(request: Request, _response: Response, next: NextFunction): void {
  const { accept } = request.headers;
  if (accept !== undefined && accept !== "*/*" && accept !== JSON_TYPE && !request.accepts(JSON_TYPE) && request.accepts().length > 0) {
    throw new WhiskError(406, `Resource representation is only available with these types:\n${JSON_TYPE}`);
  }
  next();
}
