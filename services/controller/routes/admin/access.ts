import type { NextFunction, Request, Response } from "express";
import { notFound, WhiskError } from "../../../core/errors";
import { equalHashes, hashSecret } from "../../../core/keys";

/**
 * Lets through who has the admin key, `Authorization: Bearer <key>`. Keys of namespaces and of activations are none.
 *
 * @throws WhiskError 404 where there is no such key, 401
 */
export function requireAdmin(key: string | undefined): (request: Request, response: Response, next: NextFunction) => void {
  const hash = key === undefined ? undefined : hashSecret(key);
  return (request, response, next) => {
    if (hash === undefined) throw notFound();
    const given = /^bearer +(\S+)$/i.exec(request.headers.authorization?.trim() ?? "")?.[1];
    if (given !== undefined && equalHashes(hashSecret(given), hash)) return next();
    response.setHeader("WWW-Authenticate", 'Bearer realm="admin"');
    throw new WhiskError(401, given === undefined ? "The admin API needs the platform's admin key: 'Authorization: Bearer <admin key>'." : "The admin key is not valid.");
  };
}
