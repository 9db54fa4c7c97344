import type { NextFunction, Request, Response } from "express";

/** An entity; its name may be empty. */
const ENTITY = /^\/[^/]+\/(?:[^/]+\/[^/]|(?:actions|triggers|rules|packages)\/$)/;
/** A collection and the actions of a package, which can only be listed; and a record, which can only be read, and by either name. */
const READABLE = /^\/[^/]+\/(?:[^/]+\/|(?:actions|activations)\/[^/]+\/)$/;

/** With a slash at its end a path may name a collection or a record, but no entity: that is nothing that is there. */
export function overlookEntityWithSlash({ path, method }: Request, _response: Response, next: NextFunction): void {
  if (path.endsWith("/") && ENTITY.test(path) && !(READABLE.test(path) && ["GET", "HEAD"].includes(method))) next("router");
  else next();
}
