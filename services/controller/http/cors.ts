import type { NextFunction, Request, Response } from "express";

/** Headers that a browser may send when an answer names no others. */
export const ALLOWED_HEADERS = "Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent";

/** Lets browsers call the REST API from any origin; the question whether they may needs no key. */
export function restCors(request: Request, response: Response, next: NextFunction): void {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Headers", ALLOWED_HEADERS);
  response.setHeader("Access-Control-Allow-Methods", "GET, DELETE, POST, PUT, HEAD");
  if (request.method === "OPTIONS") response.status(200).end();
  else next();
}
