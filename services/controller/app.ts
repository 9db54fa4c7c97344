import express, { type Express } from "express";
import type { ControllerContext } from "./context";
import { requireIdentity } from "./http/auth";
import { restCors } from "./http/cors";
import { errorHandler, notFoundHandler } from "./http/errors";
import { transaction } from "./http/transaction";
import { actionRoutes } from "./routes/actions";
import { activationRoutes } from "./routes/activations";
import { infoRoutes } from "./routes/info";
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
  app.use("/api/v1/web", webActionRoutes(context));
  app.use("/api/v1", restCors);
  app.use(infoRoutes(context));

  const namespaces = "/api/v1/namespaces";
  app.use(namespaces, requireIdentity(context.authenticator));
  app.use(namespaces, namespaceRoutes());
  app.use(`${namespaces}/:namespace/actions`, actionRoutes(context));
  app.use(`${namespaces}/:namespace/triggers`, triggerRoutes(context));
  app.use(`${namespaces}/:namespace/rules`, ruleRoutes(context));
  app.use(`${namespaces}/:namespace/packages`, packageRoutes(context));
  app.use(`${namespaces}/:namespace/activations`, activationRoutes(context));

  app.use(notFoundHandler);
  app.use(errorHandler(context.logger));
  return app;
}
