import { type NextFunction, type Request, type Response, Router } from "express";
import { badRequest, notFound, WhiskError } from "../../core/errors";
import type { Activation } from "../../core/model/activation";
import { MAX_BLOCKING_WAIT } from "../../core/model/limits";
import type { Json } from "../../core/model/parameters";
import type { ControllerContext } from "../context";
import { ALLOWED_HEADERS } from "../http/cors";
import { transactionOf } from "../http/transaction";
import { isSet, requiredAuth } from "./annotations";
import { callerOf, requireSecret } from "./auth";
import { checkLength, readBody } from "./body";
import { webErrors } from "./errors";
import { findWebAction } from "./find";
import { argumentsOf } from "./request";
import { sendResult, splitExtension } from "./response";

const METHODS = ["GET", "DELETE", "POST", "PUT", "HEAD", "OPTIONS", "PATCH"];
/** In another order, as OpenWhisk tells it to browsers. */
const CORS_METHODS = "OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH";

/** Of the first line of a request. Bytes. */
const MAX_REQUEST_LINE = 8 * 1024;

/** Actions that anyone may call: `/namespace/package/action.extension`, with `default` for no package. */
export function webActionRoutes(context: ControllerContext): Router {
  const router = Router();
  router.use(checkRequestLine);
  router.use("/:namespace/:package/:action", (request, response) => handle(context, request, response));
  router.use(webErrors);
  return router;
}

/** What goes wrong is told in the order in which OpenWhisk looks: is it there, may it run, is it too large, who calls, what is sent. */
async function handle(context: ControllerContext, request: Request, response: Response): Promise<void> {
  const { name, extension } = splitExtension(String(request.params.action));
  const { owner, action } = await findWebAction(context, String(request.params.namespace), String(request.params.package), name);
  context.throttle.invocation(owner.namespace);
  const { maxPayloadSize } = context.tenants.limits(owner.namespace);
  checkLength(request, maxPayloadSize);
  const { annotations } = action.action;
  if (!isSet(annotations, "web-custom-options")) {
    allowAnyOrigin(request, response);
    if (request.method === "OPTIONS") return void response.status(200).end();
  }
  const caller = await callerOf(context.authenticator, request);
  if (request.method !== "OPTIONS") requireSecret(request, caller, requiredAuth(annotations));
  const body = await readBody(request, response, maxPayloadSize);
  const payload = argumentsOf({ request, body, raw: isSet(annotations, "raw-http"), closed: action.immutable, user: caller?.namespace });
  const outcome = await context.owner.invoke({ identity: owner, action, payload, transactionId: transactionOf(response) }, MAX_BLOCKING_WAIT);
  const activationId = outcome.kind === "accepted" ? outcome.activationId : outcome.activation.activationId;
  response.setHeader("x-openwhisk-activation-id", activationId);
  if (outcome.kind === "accepted") throw new WhiskError(202, "Response not yet ready.");
  sendResult(request, response, extension, shownOf(outcome.activation));
}

function checkRequestLine(request: Request, response: Response, next: NextFunction): void {
  if (!METHODS.includes(request.method)) {
    response.setHeader("Allow", METHODS.join(", "));
    throw new WhiskError(405, `HTTP method not allowed, supported methods: ${METHODS.join(", ")}`);
  }
  if (`${request.method} ${request.originalUrl} HTTP/1.1\r\n`.length > MAX_REQUEST_LINE) {
    throw new WhiskError(414, `414 Request-URI Too Large: the request line is longer than ${MAX_REQUEST_LINE} bytes.`);
  }
  next();
}

/** What a caller is shown of a run: an error that the action gives is an answer as any other; of its failures nothing is told. */
function shownOf({ response: { statusCode, result } }: Activation): Json {
  if (statusCode > 1) throw badRequest("There was an error processing your request.");
  const shown = statusCode === 1 ? (result as { error?: Json }).error : result;
  if (shown === undefined) throw notFound("Response does not include requested property.");
  return shown;
}

function allowAnyOrigin({ headers }: Request, response: Response): void {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Methods", CORS_METHODS);
  response.setHeader("Access-Control-Allow-Headers", headers["access-control-request-headers"] ?? ALLOWED_HEADERS);
}
