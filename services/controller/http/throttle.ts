import type { NextFunction, Request, Response } from "express";
import type { ControllerContext } from "../context";
import { identityOf } from "./auth";
import { tooLarge } from "./tooLarge";

type Middleware = (request: Request, response: Response, next: NextFunction) => void;

/**
 * A request to invoke an action: it counts before it is known whether it may, or whether there is such an action. Then the
 * namespace's own limit of what may be sent.
 *
 * @throws WhiskError 429, 413
 */
export const countInvocation = ({ throttle, tenants }: ControllerContext): Middleware => (request, response, next) => {
  const { namespace } = identityOf(response);
  throttle.invocation(namespace);
  checkPayload(request, tenants.limits(namespace).maxPayloadSize);
  next();
};

/** A request to fire a trigger, likewise: also where no rule is active. @throws WhiskError 429, 413 */
export const countFire = ({ throttle, tenants }: ControllerContext): Middleware => (request, response, next) => {
  const { namespace } = identityOf(response);
  throttle.fire(namespace);
  checkPayload(request, tenants.limits(namespace).maxPayloadSize);
  next();
};

function checkPayload({ headers }: Request, limit: number): void {
  const length = Number(headers["content-length"] ?? 0);
  if (length > limit) throw tooLarge(length, limit);
}
