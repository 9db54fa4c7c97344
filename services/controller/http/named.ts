import type { NextFunction, Request, Response } from "express";
import { forbidden } from "../../core/entities/access";
import { checkEntityName, type EntityPath } from "../../core/model/names";
import { anyNamespace, identityOf } from "./auth";

/**
 * The entity that `/:namespace/…/:name` or `/:namespace/…/:package/:name` means, in whichever namespace.
 *
 * @throws WhiskError 400
 */
export function namedEntity(request: Request, response: Response): EntityPath {
  const namespace = anyNamespace(request, response);
  const { package: holder } = request.params;
  if (holder === undefined) return { namespace, name: checkEntityName(String(request.params.name)) };
  return { namespace, package: checkEntityName(String(holder)), name: checkEntityName(String(request.params.name)) };
}

/**
 * The entity that an address means, in the caller's own namespace.
 *
 * @throws WhiskError 400; 403 when it is another's
 */
export function ownEntity(request: Request, response: Response): EntityPath {
  const path = namedEntity(request, response);
  if (path.namespace !== identityOf(response).namespace) throw forbidden(path);
  return path;
}

/** Refuses what is another's before its body is read. */
export function requireOwn(request: Request, response: Response, next: NextFunction): void {
  ownEntity(request, response);
  next();
}

/** Refuses another's action that is in no package before its body is read: nobody else may invoke it. */
export function requireReachable(request: Request, response: Response, next: NextFunction): void {
  const path = namedEntity(request, response);
  if (path.package === undefined && path.namespace !== identityOf(response).namespace) throw forbidden(path);
  next();
}
