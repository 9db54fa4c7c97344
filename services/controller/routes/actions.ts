import { type Request, type Response, Router } from "express";
import { accessAction, accessComponents, accessPackage } from "../../core/entities/access";
import { badRequest, WhiskError } from "../../core/errors";
import { type Action, isSequence } from "../../core/model/entities";
import { checkEntityName, type EntityPath } from "../../core/model/names";
import type { ControllerContext } from "../context";
import { anyNamespace, identityOf, ownNamespace } from "../http/auth";
import { actionBody, objectBody, payloadBody } from "../http/body";
import { sendList } from "../http/list";
import { allowOnly } from "../http/methods";
import { flagOf } from "../http/query";
import { actionPut, parse } from "../http/schemas";
import { actionSummary, actionView } from "../views/entities";
import { buildAction } from "./buildAction";
import { invoke } from "./invoke";

export function actionRoutes(context: ControllerContext): Router {
  const { entities, store } = context;
  const router = Router({ mergeParams: true });
  const named = ["/:package/:action", "/:action"];

  router.post(named, ...payloadBody, async (request, response) => {
    const path = pathOf(request, anyNamespace(request, response));
    const identity = identityOf(response);
    const action = await accessAction(entities, identity, path);
    if (isSequence(action.action.exec)) await accessComponents(entities, identity, action.action.exec);
    await invoke(context, request, response, action, objectBody(request));
  });

  router.put(named, ...actionBody, async (request, response) => {
    const path = pathOf(request, ownNamespace(request, response));
    await requireRealPackage(context, path);
    const content = parse(actionPut, objectBody(request));
    const { entity } = await entities.put("actions", path, flagOf(request, "overwrite"), (old) =>
      buildAction(context, identityOf(response), path, content, old),
    );
    response.json(await withCode(context, entity, { lost: true }));
  });

  router.get("/:package/", async (request, response, next) => {
    if (!request.path.endsWith("/")) return next();
    const path = { namespace: anyNamespace(request, response), name: checkEntityName(String(request.params.package), "package name") };
    const [holder] = await accessPackage(entities, identityOf(response), path);
    await list(request, response, holder!.entity.namespace, holder!.entity.name);
  });

  router.get(named, async (request, response) => {
    const path = pathOf(request, anyNamespace(request, response));
    const { action, parameters } = await accessAction(entities, identityOf(response), path);
    const merged = isSequence(action.exec) ? action : { ...action, parameters };
    response.json(flagOf(request, "code", true) ? await withCode(context, merged) : actionView(merged));
  });

  router.delete(named, async (request, response) => {
    const path = pathOf(request, ownNamespace(request, response));
    await requireRealPackage(context, path);
    const { entity } = await entities.delete("actions", path, context.now());
    response.json(await withCode(context, entity, { lost: true }));
  });

  router.get("/", (request, response) => list(request, response, ownNamespace(request, response)));

  const list = (request: Request, response: Response, namespace: string, inPackage?: string) =>
    sendList(request, response, store.entities, { namespace, collection: "actions", package: inPackage }, actionSummary);

  allowOnly(router, named, "GET", "PUT", "POST", "DELETE");
  allowOnly(router, "/", "GET");
  return router;
}

function pathOf(request: Request, namespace: string): EntityPath {
  const name = checkEntityName(String(request.params.action));
  const { package: holder } = request.params;
  return holder === undefined ? { namespace, name } : { namespace, package: checkEntityName(String(holder), "package name"), name };
}

/** Actions live in packages, not in bindings to them. */
async function requireRealPackage({ entities }: ControllerContext, { namespace, package: name }: EntityPath): Promise<void> {
  if (name === undefined) return;
  const holder = await entities.get("packages", { namespace, name });
  if (holder.entity.binding) throw badRequest("Operation not permitted on package binding.");
}

/** @throws WhiskError 500 when its code is lost, unless that does not matter */
async function withCode({ store }: ControllerContext, action: Action, { lost = false } = {}): Promise<object> {
  if (isSequence(action.exec) || action.exec.codeSha === undefined) return actionView(action);
  const code = await store.code.get(action.exec.codeSha);
  if (code === undefined && !lost) throw new WhiskError(500, "Resource is corrupted and cannot be read.");
  return actionView(action, code);
}
