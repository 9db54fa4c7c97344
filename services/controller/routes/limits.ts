import { Router } from "express";
import { badRequest } from "../../core/errors";
import { limitsView } from "../../core/model/namespaceLimits";
import type { ControllerContext } from "../context";
import { ownNamespace } from "../http/auth";
import { allowOnly } from "../http/methods";

/** What the caller's namespace may ask of the platform. */
export function limitRoutes({ tenants }: ControllerContext): Router {
  const router = Router({ mergeParams: true });
  router.get("/", (request, response) => void response.json(limitsView(tenants.limits(ownNamespace(request, response)))));
  router.get("/:name", () => {
    throw badRequest("Inner entity level routes for limits are not yet implemented.");
  });
  allowOnly(router, ["/", "/:name"], "GET");
  return router;
}
