import type { NextFunction, Request, Response } from "express";
import { WhiskError } from "../../core/errors";
import { transactionOf } from "../http/transaction";
import { prettyJson } from "./pretty";

/** Refusals of web actions are printed for people. */
export function webErrors(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (!(error instanceof WhiskError) || response.headersSent) return next(error);
  response.status(error.status).setHeader("Content-Type", "application/json");
  response.end(prettyJson({ error: error.message, code: transactionOf(response) }));
}
