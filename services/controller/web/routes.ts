import { type Request, type Response, Router } from "express";
import { accessAction } from "../../core/entities/access";
import type { ResolvedAction } from "../../core/entities/resolve";
import { badRequest, isFinal, notFound, WhiskError } from "../../core/errors";
import { equalHashes, hashSecret } from "../../core/keys";
import type { Identity } from "../../core/model/entities";
import { MAX_BLOCKING_WAIT } from "../../core/model/limits";
import { type EntityPath, isEntityName } from "../../core/model/names";
import { type Json, type KeyValue, valueOf } from "../../core/model/parameters";
import type { ControllerContext } from "../context";
import { ALLOWED_HEADERS } from "../http/cors";
import { transactionOf } from "../http/transaction";
import { argumentsOfRequest, webBody } from "./request";
import { sendResult, splitExtension } from "./response";

const METHODS = ["OPTIONS", "GET", "DELETE", "POST", "PUT", "HEAD", "PATCH"];

/** Actions that anyone may call: `/namespace/package/action.extension`, with `default` for no package. */
export function webActionRoutes(context: ControllerContext): Router {
  const router = Router();
  router.use("/:namespace/:package/:action", webBody, (request, response) => handle(context, request, response));
  return router;
}

async function handle(context: ControllerContext, request: Request, response: Response): Promise<void> {
  if (!METHODS.includes(request.method)) throw new WhiskError(405, `HTTP method not allowed, supported methods: ${METHODS.join(", ")}`);
  const { name, extension } = splitExtension(String(request.params.action));
  const { owner, action } = await findWebAction(context, request, name);
  context.throttle.invocation(owner.namespace);
  const { annotations } = action.action;
  if (!isSet(annotations, "web-custom-options")) {
    allowAnyOrigin(request, response);
    if (request.method === "OPTIONS") return void response.status(200).end();
  }
  const user = await userOf(context, request);
  if (request.method !== "OPTIONS") requireSecret(request, user, valueOf(annotations, "require-whisk-auth"));
  const rest = request.path === "/" && !request.originalUrl.split("?")[0]!.endsWith("/") ? "" : request.path;
  const payload = argumentsOfRequest(request, rest, isSet(annotations, "raw-http"), action.immutable, user?.namespace);
  const outcome = await context.owner.invoke({ identity: owner, action, payload, transactionId: transactionOf(response) }, MAX_BLOCKING_WAIT);
  if (outcome.kind === "accepted") {
    response.setHeader("x-openwhisk-activation-id", outcome.activationId);
    throw new WhiskError(202, "Response not yet ready.");
  }
  const { activation } = outcome;
  response.setHeader("x-openwhisk-activation-id", activation.activationId);
  const { statusCode, result } = activation.response;
  if (statusCode > 1) throw badRequest("There was an error processing your request.");
  const shown = statusCode === 1 ? (result as { error?: Json }).error : result;
  if (shown === undefined) throw notFound("Response does not include requested property.");
  sendResult(response, extension, shown);
}

/** @throws WhiskError 404 for anything that is not exported: nothing is told of what is there */
async function findWebAction(context: ControllerContext, request: Request, name: string): Promise<{ owner: Identity; action: ResolvedAction }> {
  const [namespaceName, packageName] = [String(request.params.namespace), String(request.params.package)];
  if (![namespaceName, packageName, name].every(isEntityName)) throw notFound();
  const namespace = await context.tenants.byName(namespaceName);
  if (!namespace || namespace.blocked) throw notFound();
  const path: EntityPath = packageName === "default" ? { namespace: namespaceName, name } : { namespace: namespaceName, package: packageName, name };
  const owner = { namespace: namespace.name, uuid: namespace.uuid, subject: namespace.subject };
  const action = await accessAction(context.entities, owner, path).catch((error: unknown) => {
    throw isFinal(error) ? notFound() : error;
  });
  if (!isSet(action.action.annotations, "web-export")) throw notFound();
  return { owner, action };
}

/** Only true counts: nothing is exported by mistake. */
const isSet = (annotations: readonly KeyValue[], key: string) => valueOf(annotations, key) === true;

/** Who calls, if the call carries a key of the platform. Any other authorization is the action's own business. */
async function userOf({ authenticator }: ControllerContext, { headers }: Request): Promise<Identity | undefined> {
  if (!headers.authorization) return undefined;
  return authenticator.identify(headers.authorization).catch((error: unknown) => {
    if (isFinal(error)) return undefined;
    throw error;
  });
}

/** `require-whisk-auth`: true for a caller with a key of the platform, else the value of a header. @throws WhiskError 401 */
function requireSecret({ headers }: Request, user: Identity | undefined, required: Json | undefined): void {
  if (required === undefined || required === false || (required === true && user)) return;
  const given = headers["x-require-whisk-auth"];
  const isSecret = typeof required === "string" || typeof required === "number";
  if (isSecret && typeof given === "string" && equalHashes(hashSecret(given), hashSecret(String(required)))) return;
  throw new WhiskError(401, "The resource requires authentication, which was not supplied with the request");
}

function allowAnyOrigin(request: Request, response: Response): void {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Methods", METHODS.join(", "));
  response.setHeader("Access-Control-Allow-Headers", request.headers["access-control-request-headers"] ?? ALLOWED_HEADERS);
}
