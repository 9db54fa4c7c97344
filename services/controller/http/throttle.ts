import type { NextFunction, Request, Response } from "express";
import type { ControllerContext } from "../context";
import { identityOf } from "./auth";
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

/** The namespace's own limit of what may be sent. @throws WhiskError 413 */
export const limitPayload = ({ tenants }: ControllerContext): Middleware => ({ headers }, response, next) => {
  const length = Number(headers["content-length"] ?? 0);
  const limit = tenants.limits(identityOf(response).namespace).maxPayloadSize;
  if (length > limit) throw tooLarge(length, limit);
  next();
};
