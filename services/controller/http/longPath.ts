import type { NextFunction, Request, Response } from "express";
import { WhiskError } from "../../core/errors";

/** As OpenWhisk's proxy takes it, path and query. Characters. */
const MAX_LENGTH = 8 * 1024;

/** @throws WhiskError 414 */
export function refuseLongPath({ originalUrl }: Request, _response: Response, next: NextFunction): void {
  if (originalUrl.length > MAX_LENGTH) throw new WhiskError(414, `URI length exceeds the configured limit of ${MAX_LENGTH} characters`);
  next();
}
