import { Router } from "express";
import { identityOf } from "../http/auth";
import { allowOnly } from "../http/methods";

/** The namespaces that the caller's key opens: its own. */
export function namespaceRoutes(): Router {
  const router = Router();
  router.get("/", (_request, response) => void response.json([identityOf(response).namespace]));
  allowOnly(router, "/", "GET");
  return router;
}
