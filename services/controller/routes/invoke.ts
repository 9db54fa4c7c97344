import type { NextFunction, Request, Response } from "express";
import { accessAction, accessComponents } from "../../core/entities/access";
import type { ResolvedAction } from "../../core/entities/resolve";
import { badRequest } from "../../core/errors";
import { type Activation, activationView } from "../../core/model/activation";
import { isComposite, isSequence } from "../../core/model/entities";
import { MAX_BLOCKING_WAIT } from "../../core/model/limits";
import type { EntityPath } from "../../core/model/names";
import type { JsonObject } from "../../core/model/parameters";
import type { ControllerContext } from "../context";
import { identityOf } from "../http/auth";
import { objectBody } from "../http/body";
import { flagOf, timeoutOf } from "../http/query";
import { transactionOf } from "../http/transaction";
import { refuseDeprecated } from "./buildAction";

const ACTIVATION_ID_HEADER = "x-openwhisk-activation-id";

/** How an action is called. */
interface Call {
  blocking: boolean;
  /** Of a blocking call the result alone is wanted. */
  resultOnly: boolean;
  /** Milliseconds. */
  wait: number;
}

/** POST of an action: blocking, for the result only, or accepted. */
export async function invoke(context: ControllerContext, request: Request, response: Response, path: EntityPath): Promise<void> {
  const identity = identityOf(response);
  const { blocking, resultOnly, wait } = response.locals.call as Call;
  const payload = objectBody(request);
  const action = await accessAction(context.entities, identity, path);
  const { exec } = action.action;
  if (isSequence(exec)) await accessComponents(context.entities, identity, exec);
  refuseDeprecated(context.kinds, exec.kind);
  checkOverrides(action, payload);
  const invocation = { identity, action, payload, transactionId: transactionOf(response) };
  const outcome = blocking ? await context.owner.invoke(invocation, wait) : { kind: "accepted" as const, activationId: await context.owner.accept(invocation) };
  if (outcome.kind === "accepted") {
    sendAccepted(response, outcome.activationId);
    return;
  }
  const { activation } = outcome;
  response.setHeader(ACTIVATION_ID_HEADER, activation.activationId);
  const { result } = activation.response;
  // The logs of code may still be on their way; those of sequences and compositions are the ids of their runs.
  const view = resultOnly || Array.isArray(result) ? result : activationView(activation, { logs: isComposite(action.action) });
  response.status(statusOf(activation)).json(view);
}

/** How it is called is read before what it is called with. @throws WhiskError 400 */
export function readCall(request: Request, response: Response, next: NextFunction): void {
  response.locals.call = { blocking: flagOf(request, "blocking"), resultOnly: flagOf(request, "result"), wait: timeoutOf(request, MAX_BLOCKING_WAIT) } satisfies Call;
  next();
}

export function sendAccepted(response: Response, activationId: string): void {
  response.setHeader(ACTIVATION_ID_HEADER, activationId);
  response.status(202).json({ activationId });
}

/** @throws WhiskError 400 when the caller sends a parameter that the action has closed */
export function checkOverrides({ immutable }: ResolvedAction, payload: JsonObject): void {
  if (immutable.size > 0 && Object.keys(payload).some((key) => immutable.has(key))) {
    throw badRequest("Request defines parameters that are not allowed (e.g., reserved properties).");
  }
}

/** OpenWhisk answers 502 when the action failed and 500 when the platform did. */
const statusOf = ({ response }: Activation): number => ([200, 502, 502, 500] as const)[response.statusCode];
