import type { NextFunction, Request, Response } from "express";
import type { ControllerContext } from "../context";
import { identityOf } from "./auth";
import { payloadBody, sizeOf } from "./body";
import { tooLarge } from "./tooLarge";

type Middleware = (request: Request, response: Response, next: NextFunction) => void;

/** A request to invoke an action: it counts before it is known whether it may, or whether there is such an action. @throws WhiskError 429 */
export const countInvocation = ({ throttle }: ControllerContext): Middleware => (_request, response, next) => {
  throttle.invocation(identityOf(response).namespace);
  next();
};

/** A request to fire a trigger, likewise: also where no rule is active. @throws WhiskError 429 */
export const countFire = ({ throttle }: ControllerContext): Middleware => (_request, response, next) => {
  throttle.fire(identityOf(response).namespace);
  next();
};

/**
 * A body within the namespace's own limit of what may be sent: refused before it is read if it says that it is larger, else after.
 *
 * @param before what else is looked at before the body is read
 * @throws WhiskError 413
 */
export const limitedPayload = (context: ControllerContext, ...before: Middleware[]) => [limitPayload(context), ...before, ...payloadBody, limitPayload(context)];

/** Refuses what is larger than the namespace may send. @throws WhiskError 413 */
export const limitPayload = ({ tenants }: ControllerContext): Middleware => (request, response, next) => {
  const size = sizeOf(request);
  const limit = tenants.limits(identityOf(response).namespace).maxPayloadSize;
  if (size > limit) throw tooLarge(size, limit);
  next();
};
