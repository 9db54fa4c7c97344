import { type NextFunction, type Request, type Response, Router } from "express";
import { accessAction, accessPackage } from "../../core/entities/access";
import { badRequest, WhiskError } from "../../core/errors";
import { type Action, isSequence } from "../../core/model/entities";
import { checkEntityName, type EntityPath } from "../../core/model/names";
import { mergeParameters } from "../../core/model/parameters";
import type { ControllerContext } from "../context";
import { anyNamespace, identityOf, ownNamespace } from "../http/auth";
import { actionBody } from "../http/body";
import { sendList } from "../http/list";
import { allowOnly } from "../http/methods";
import { namedEntity, ownEntity, requireOwn, requireReachable } from "../http/named";
import { putOf } from "../http/put";
import { flagOf } from "../http/query";
import { actionPut, parsePut } from "../http/schemas";
import { countInvocation, limitedPayload } from "../http/throttle";
import { actionSummary, actionView } from "../views/entities";
import { readChange } from "./buildAction";
import { invoke, readCall } from "./invoke";
import { execSize, readExec } from "./readExec";

export function actionRoutes(context: ControllerContext): Router {
  const { entities, store, tenants } = context;
  // A slash at the end makes a list of what is in a package; nothing else has one.
  const router = Router({ mergeParams: true, strict: true, caseSensitive: true });
  const named = ["/:package/:name", "/:name"];

  const run = (request: Request, response: Response) => invoke(context, request, response, namedEntity(request, response));
  router.post(named, countInvocation(context), requireReachable, ...limitedPayload(context, readCall), run, packageFirst);

  router.put(named, requireOwn, requirePackage, ...actionBody, async (request, response) => {
    const path = ownEntity(request, response);
    const identity = identityOf(response);
    const { namespace } = identity;
    const { body, overwrite, exec } = putOf(request, tenants.limits(namespace).maxParameterSize, { read: (given) => readExec(context.kinds, given, namespace), size: execSize });
    const change = await readChange(context, identity, path, parsePut(actionPut, body), exec);
    const { entity } = await entities.put("actions", path, overwrite, change);
    response.json(await withCode(context, entity, { lost: true }));
  });

  router.get("/:package/", async (request, response) => {
    const path = { namespace: anyNamespace(request, response), name: checkEntityName(String(request.params.package)) };
    const [holder] = await accessPackage(entities, identityOf(response), path);
    await list(request, response, holder!.entity.namespace, holder!.entity.name);
  });

  router.get(named, requireReachable, async (request: Request, response: Response) => {
    const code = flagOf(request, "code", true);
    const { action, parameters, binding } = await accessAction(entities, identityOf(response), namedEntity(request, response));
    // A sequence inherits parameters for the eye only: its actions do not get them.
    const merged = isSequence(action.exec) ? { ...action, parameters: mergeParameters(parameters, action.parameters) } : { ...action, parameters };
    response.json(code ? await withCode(context, merged) : { ...actionView(merged), ...(binding === undefined ? {} : { binding }) });
  }, packageFirst);

  router.delete(named, requireOwn, requirePackage, async (request, response) => {
    const { entity } = await entities.delete("actions", ownEntity(request, response), context.now());
    response.json(await withCode(context, entity, { lost: true }));
  });

  router.get("/", (request, response) => list(request, response, ownNamespace(request, response)));

  const list = (request: Request, response: Response, namespace: string, inPackage?: string) =>
    sendList(request, response, store.entities, { namespace, collection: "actions", package: inPackage }, actionSummary);

  /** Whatever is wrong with the request: where the caller has no business, or there is no such package, that is told. */
  async function packageFirst(error: unknown, request: Request, response: Response, next: NextFunction): Promise<void> {
    const { namespace, package: name } = namedEntity(request, response);
    const overRate = error instanceof WhiskError && error.status === 429;
    if (name !== undefined && !overRate) await accessPackage(entities, identityOf(response), { namespace, name });
    next(error);
  }

  /** Actions live in packages, not in bindings to them. */
  async function requirePackage(request: Request, response: Response, next: () => void): Promise<void> {
    const { namespace, package: name }: EntityPath = ownEntity(request, response);
    if (name !== undefined) {
      const holder = await entities.get("packages", { namespace, name });
      if (holder.entity.binding) throw badRequest("Operation not permitted on package binding.");
    }
    next();
  }

  allowOnly(router, named, "GET", "PUT", "POST", "DELETE");
  allowOnly(router, "/", "GET");
  return router;
}

/** @throws WhiskError 500 when its code is lost, unless that does not matter */
async function withCode({ store }: ControllerContext, action: Action, { lost = false } = {}): Promise<object> {
  if (isSequence(action.exec) || action.exec.codeSha === undefined) return actionView(action);
  const code = await store.code.get(action.exec.codeSha);
  if (code === undefined && !lost) throw new WhiskError(500, "Resource is corrupted and cannot be read.");
  return actionView(action, code);
}
