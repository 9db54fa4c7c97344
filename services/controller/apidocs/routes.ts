import { Router } from "express";
import type { ControllerContext } from "../context";
import { apiDescription, infoDescription } from "./document";
import { page } from "./page";

/** The API's description, for programs and for people, at the paths at which OpenWhisk has it. */
export function apiDocsRoutes({ kinds, version }: Pick<ControllerContext, "kinds" | "version">): Router {
  const router = Router({ caseSensitive: true });
  serve(router, "", infoDescription(version));
  serve(router, "/api/v1", apiDescription(kinds, version));
  return router;
}

function serve(router: Router, base: string, description: object): void {
  const source = `${base}/api-docs`;
  const html = page(description, source);
  router.get(source, (_request, response) => void response.json(description));
  router.get(`${base}/docs`, (_request, response) => response.redirect(308, `docs/index.html?url=${source}`));
  router.get(`${base}/docs/index.html`, (_request, response) => void response.type("html").send(html));
}
