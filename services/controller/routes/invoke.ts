import type { Request, Response } from "express";
import type { ResolvedAction } from "../../core/entities/resolve";
import { badRequest } from "../../core/errors";
import { type Activation, activationView } from "../../core/model/activation";
import { MAX_BLOCKING_WAIT } from "../../core/model/limits";
import type { JsonObject } from "../../core/model/parameters";
import type { ControllerContext } from "../context";
import { identityOf } from "../http/auth";
import { flagOf, timeoutOf } from "../http/query";
import { transactionOf } from "../http/transaction";

const ACTIVATION_ID_HEADER = "x-openwhisk-activation-id";

/** POST of an action: blocking, for the result only, or accepted. */
export async function invoke(context: ControllerContext, request: Request, response: Response, action: ResolvedAction, payload: JsonObject): Promise<void> {
  const blocking = flagOf(request, "blocking");
  const resultOnly = flagOf(request, "result");
  const wait = timeoutOf(request, MAX_BLOCKING_WAIT);
  checkOverrides(action, payload);
  const invocation = { identity: identityOf(response), action, payload, transactionId: transactionOf(response) };
  const outcome = blocking ? await context.owner.invoke(invocation, wait) : { kind: "accepted" as const, activationId: await context.owner.accept(invocation) };
  if (outcome.kind === "accepted") {
    sendAccepted(response, outcome.activationId);
    return;
  }
  const { activation } = outcome;
  response.setHeader(ACTIVATION_ID_HEADER, activation.activationId);
  const { result } = activation.response;
  response.status(statusOf(activation)).json(resultOnly || Array.isArray(result) ? result : activationView(activation, { logs: false }));
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
