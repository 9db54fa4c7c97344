import { type NextFunction, type Request, type Response, Router } from "express";
import { requireOwn } from "./named";

const NAMED = [...["actions", "packages", "triggers", "rules"].map((collection) => `/:namespace/${collection}/:name`), "/:namespace/actions/:package/:name"];
const OWNED = ["/:namespace/triggers/:name", "/:namespace/rules/:name"];

const early = Router({ caseSensitive: true }).put(NAMED, requireOwn).post(OWNED, requireOwn);

/**
 * What only the owner may do is refused before the body is read: the body's own faults matter to nobody then.
 *
 * @throws WhiskError 400 for a name in the path that is none, 403
 */
export function authorizeEarly(request: Request, response: Response, next: NextFunction): void {
  if (request.method === "PUT" || (request.method === "POST" && !request.path.includes("/actions/"))) early(request, response, next);
  else next();
}
