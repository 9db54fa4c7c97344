import { type NextFunction, type Request, type Response, Router } from "express";
import { resolveAction, type ResolvedAction } from "../../core/entities/resolve";
import { badRequest, notFound, WhiskError } from "../../core/errors";
import { equalHashes, hashSecret } from "../../core/keys";
import type { Identity } from "../../core/model/entities";
import { MAX_BLOCKING_WAIT } from "../../core/model/limits";
import { type EntityPath, isEntityName } from "../../core/model/names";
import { isTruthy, type Json, valueOf } from "../../core/model/parameters";
import type { ControllerContext } from "../context";
import { transactionOf } from "../http/transaction";
import { argumentsOfRequest, webBody } from "./request";
import { sendResult, splitExtension } from "./response";

const METHODS = ["GET", "DELETE", "POST", "PUT", "HEAD", "OPTIONS", "PATCH"];

/** Actions that anyone may call: `/namespace/package/action.extension`, with `default` for no package. */
export function webActionRoutes(context: ControllerContext): Router {
  const router = Router();
  router.use("/:namespace/:package/:action", webBody, (request, response, next) => handle(context, request, response, next));
  return router;
}

async function handle(context: ControllerContext, request: Request, response: Response, next: NextFunction): Promise<void> {
  if (!METHODS.includes(request.method)) return next();
  const { name, extension } = splitExtension(String(request.params.action));
  const { owner, action } = await findWebAction(context, request, name);
  const { annotations } = action.action;
  if (!isTruthy(valueOf(annotations, "web-custom-options"))) {
    allowAnyOrigin(request, response);
    if (request.method === "OPTIONS") return void response.status(200).end();
  }
  if (request.method !== "OPTIONS") await requireSecret(context, request, valueOf(annotations, "require-whisk-auth"));
  const rest = request.path === "/" && !request.originalUrl.split("?")[0]!.endsWith("/") ? "" : request.path;
  const payload = argumentsOfRequest(request, rest, isTruthy(valueOf(annotations, "raw-http")), action.immutable);
  const outcome = await context.owner.invoke({ identity: owner, action, payload, transactionId: transactionOf(response) }, MAX_BLOCKING_WAIT);
  if (outcome.kind === "accepted") {
    response.setHeader("x-openwhisk-activation-id", outcome.activationId);
    throw new WhiskError(202, "Response not yet ready.");
  }
  const { activation } = outcome;
  response.setHeader("x-openwhisk-activation-id", activation.activationId);
  const { statusCode, result } = activation.response;
  if (statusCode > 1) throw badRequest("There was an error processing your request.");
  sendResult(response, extension, statusCode === 1 ? (result as { error: Json }).error : result);
}

/** @throws WhiskError 404 for anything that is not exported: nothing is told of what is there */
async function findWebAction(context: ControllerContext, request: Request, name: string): Promise<{ owner: Identity; action: ResolvedAction }> {
  const [namespaceName, packageName] = [String(request.params.namespace), String(request.params.package)];
  if (![namespaceName, packageName, name].every(isEntityName)) throw notFound();
  const namespace = await context.store.namespaces.byName(namespaceName);
  if (!namespace) throw notFound();
  const path: EntityPath = packageName === "default" ? { namespace: namespaceName, name } : { namespace: namespaceName, package: packageName, name };
  const action = await resolveAction(context.entities, path).catch((error: unknown) => {
    throw error instanceof WhiskError ? notFound() : error;
  });
  const shared = action.packages.every((entity) => entity.namespace === namespaceName || entity.publish);
  if (!shared || !isTruthy(valueOf(action.action.annotations, "web-export"))) throw notFound();
  return { owner: { namespace: namespace.name, uuid: namespace.uuid, subject: namespace.subject }, action };
}

/** `require-whisk-auth`: true for a caller with a key of the platform, else the value of a header. @throws WhiskError 401 */
async function requireSecret(context: ControllerContext, request: Request, required: Json | undefined): Promise<void> {
  if (required === undefined || required === false) return;
  const refused = new WhiskError(401, "The supplied authentication is invalid");
  if (required === true) {
    await context.authenticator.identify(request.headers.authorization);
    return;
  }
  const given = request.headers["x-require-whisk-auth"];
  const isSecret = typeof required === "string" || typeof required === "number";
  if (!isSecret || typeof given !== "string" || !equalHashes(hashSecret(given), hashSecret(String(required)))) throw refused;
}

function allowAnyOrigin(request: Request, response: Response): void {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Methods", "OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH");
  response.setHeader("Access-Control-Allow-Headers", request.headers["access-control-request-headers"] ?? "Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent");
}
