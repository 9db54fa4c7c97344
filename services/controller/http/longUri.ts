import type { NextFunction, Request, Response } from "express";
import { WhiskError } from "../../core/errors";

/** Characters of path and query. */
const LIMIT = 8192;

/** @throws WhiskError 414 */
export function refuseLongUri({ originalUrl }: Request, _response: Response, next: NextFunction): void {
  if (originalUrl.length > LIMIT) throw new WhiskError(414, `URI length exceeds the configured limit of ${LIMIT} characters`);
  next();
}
