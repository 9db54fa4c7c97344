import type { NextFunction, Request, Response } from "express";
import { randomBytes } from "../../core/random";

/** An id of 32 letters and digits that follows a request through logs and messages. */
export const newTransactionId = (): string => randomBytes(16).toString("hex");

export const transactionOf = (response: Response): string => response.locals.transactionId as string;

/** What may go into logs and headers as it is. Ids that begin with `sid_` are the platform's own, as in OpenWhisk. */
const HARMLESS = /^(?!sid_)[\w.:/+=@~-]{1,128}$/;

/** Takes a client's own `X-Request-ID` if it is harmless, and always answers with the id. */
export function transaction(request: Request, response: Response, next: NextFunction): void {
  const given = request.headers["x-request-id"];
  const id = typeof given === "string" && HARMLESS.test(given) ? given : newTransactionId();
  response.locals.transactionId = id;
  response.setHeader("X-Request-ID", id);
  next();
}
