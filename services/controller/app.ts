import express, { type Express, Router } from "express";
import { apiDocsRoutes } from "./apidocs/routes";
import type { ControllerContext } from "./context";
import { requireAcceptsJson } from "./http/accept";
import { requireIdentity } from "./http/auth";
import { restCors } from "./http/cors";
import { errorHandler, notFoundHandler } from "./http/errors";
import { answerPlainJson } from "./http/json";
import { refuseLongUri } from "./http/longUri";
import { refuseSlowBody } from "./http/slowBody";
import { overlookEntityWithSlash } from "./http/trailingSlash";
import { transaction } from "./http/transaction";
import { actionRoutes } from "./routes/actions";
import { adminRoutes } from "./routes/admin";
import { deadLetterRoutes } from "./routes/deadLetters";
import { infoRoutes } from "./routes/info";
import { limitRoutes } from "./routes/limits";
import { namespaceRoutes } from "./routes/namespaces";
import { packageRoutes } from "./routes/packages";
import { ruleRoutes } from "./routes/rules";
import { shownActivations } from "./routes/shownActivations";
import { triggerRoutes } from "./routes/triggers";
import { webActionRoutes } from "./web/routes";

/** The REST API of OpenWhisk and its web actions, as an Express app. */
export function createController(context: ControllerContext): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("case sensitive routing", true);
  answerPlainJson(app);
  const identified = requireIdentity(context.authenticator);
  const slowBody = refuseSlowBody();

  app.use(transaction, refuseLongUri);
  // What is called most comes first: each layer that does not match costs.
  app.use("/api/v1/namespaces", restCors, identified, requireAcceptsJson, slowBody, entityRoutes(context));
  app.use("/api/v1/web", slowBody, webActionRoutes(context));
  app.use("/api/v1", restCors);
  app.use("/admin/v1", slowBody, adminRoutes(context));
  app.use(infoRoutes(context));
  app.use(apiDocsRoutes(context));

  // What is there and what is not is told to nobody without a key.
  app.use("/api/v1", identified);
  app.use(notFoundHandler);
  app.use(errorHandler(context.logger));
  return app;
}

/** What belongs to namespaces. */
function entityRoutes(context: ControllerContext): Router {
  const router = Router({ caseSensitive: true });
  router.use(overlookEntityWithSlash);
  router.use("/:namespace/actions", actionRoutes(context));
  router.use("/:namespace/triggers", triggerRoutes(context));
  router.use("/:namespace/activations", shownActivations(context));
  router.use("/:namespace/rules", ruleRoutes(context));
  router.use("/:namespace/packages", packageRoutes(context));
  router.use("/:namespace/dead-letters", deadLetterRoutes(context));
  router.use("/:namespace/limits", limitRoutes(context));
  router.use(namespaceRoutes());
  return router;
}
