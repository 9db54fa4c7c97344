import express, { type Express, Router } from "express";
import type { ControllerContext } from "./context";
import { requireIdentity } from "./http/auth";
import { restCors } from "./http/cors";
import { errorHandler, notFoundHandler } from "./http/errors";
import { transaction } from "./http/transaction";
import { actionRoutes } from "./routes/actions";
import { activationRoutes } from "./routes/activations";
import { adminRoutes } from "./routes/admin";
import { deadLetterRoutes } from "./routes/deadLetters";
import { infoRoutes } from "./routes/info";
import { limitRoutes } from "./routes/limits";
import { namespaceRoutes } from "./routes/namespaces";
import { packageRoutes } from "./routes/packages";
import { ruleRoutes } from "./routes/rules";
import { triggerRoutes } from "./routes/triggers";
import { webActionRoutes } from "./web/routes";

/** The REST API of OpenWhisk and its web actions, as an Express app. */
export function createController(context: ControllerContext): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("strict routing", false);

  app.use(transaction);
  // What is called most comes first: each layer that does not match costs.
  app.use("/api/v1/namespaces", restCors, requireIdentity(context.authenticator), entityRoutes(context));
  app.use("/api/v1/web", webActionRoutes(context));
  app.use("/api/v1", restCors);
  app.use("/admin/v1", adminRoutes(context));
  app.use(infoRoutes(context));

  app.use(notFoundHandler);
  app.use(errorHandler(context.logger));
  return app;
}

/** What belongs to namespaces. */
function entityRoutes(context: ControllerContext): Router {
  const router = Router();
  router.use("/:namespace/actions", actionRoutes(context));
  router.use("/:namespace/triggers", triggerRoutes(context));
  router.use("/:namespace/activations", activationRoutes(context));
  router.use("/:namespace/rules", ruleRoutes(context));
  router.use("/:namespace/packages", packageRoutes(context));
  router.use("/:namespace/dead-letters", deadLetterRoutes(context));
  router.use("/:namespace/limits", limitRoutes(context));
  router.use(namespaceRoutes());
  return router;
}
