import type { Router } from "express";
import { WhiskError } from "../../core/errors";

/** As OpenWhisk lists them. */
const ORDER = ["PUT", "GET", "DELETE", "POST", "OPTIONS"];

/** The last route of its paths: what is there, but not with this method, is answered 405 instead of 404. */
export function allowOnly(router: Router, paths: string | string[], ...methods: string[]): void {
  const allowed = [...methods].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)).join(", ");
  router.all(paths, (_request, response) => {
    response.setHeader("Allow", allowed);
    throw new WhiskError(405, `HTTP method not allowed, supported methods: ${allowed}`);
  });
}
