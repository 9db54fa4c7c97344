import type { NextFunction, Request, Response } from "express";

/** Headers that a browser may send when an answer names no others. */
export const ALLOWED_HEADERS = "Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent";

/** Lets browsers of any origin call with these methods; the question whether they may needs no key. */
const cors = (methods: string) => (request: Request, response: Response, next: NextFunction) => {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Headers", ALLOWED_HEADERS);
  response.setHeader("Access-Control-Allow-Methods", methods);
  if (request.method === "OPTIONS") response.status(200).end();
  else next();
};

/** For the REST API. */
export const restCors = cors("GET, DELETE, POST, PUT, HEAD");
/** For what stands outside of it. */
export const serverCors = cors("OPTIONS, GET, POST");
