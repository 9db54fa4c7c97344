import type { NextFunction, Request, Response } from "express";

/** With a slash at its end a path may name a collection, the actions of a package, or an activation; but no entity. */
const ENTITY = /^\/[^/]+\/(?!(?:actions|activations)\/[^/]+\/$)[^/]+\/[^/]/;

/** Such a path is nothing that is there. */
export function overlookEntityWithSlash(request: Request, _response: Response, next: NextFunction): void {
  const { path } = request;
  if (path.endsWith("/") && ENTITY.test(path)) next("router");
  else next();
}
