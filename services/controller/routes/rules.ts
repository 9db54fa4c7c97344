import { type Request, Router } from "express";
import { accessAction, forbidden } from "../../core/entities/access";
import { badRequest, isFinal, notFound } from "../../core/errors";
import { type Identity, nextVersion, type Rule } from "../../core/model/entities";
import { checkEntityName, type EntityPath, keyOf, parseEntityPath, pathOfKey } from "../../core/model/names";
import type { ControllerContext } from "../context";
import { identityOf, ownNamespace } from "../http/auth";
import { entityBody, objectBody } from "../http/body";
import { sendList } from "../http/list";
import { allowOnly } from "../http/methods";
import { flagOf } from "../http/query";
import { parse, rulePut, type RulePut, ruleStatus } from "../http/schemas";
import { ruleView } from "../views/entities";

export function ruleRoutes(context: ControllerContext): Router {
  const { entities, store } = context;
  const router = Router({ mergeParams: true });

  const hasTrigger = async (rule: Rule) => (await entities.find(rule.trigger))?.entity.collection === "triggers";
  const viewOf = async (rule: Rule) => ruleView(rule, await hasTrigger(rule));

  router.put("/:name", ...entityBody, async (request, response) => {
    const path = pathOf(request, ownNamespace(request, response));
    const content = parse(rulePut, objectBody(request));
    const { entity } = await entities.put("rules", path, flagOf(request, "overwrite"), (old) => buildRule(identityOf(response), path, content, old));
    response.json(await viewOf(entity));
  });

  router.post("/:name", ...entityBody, async (request, response) => {
    const path = pathOf(request, ownNamespace(request, response));
    const { status } = parse(ruleStatus, objectBody(request));
    const { entity } = await entities.get("rules", path);
    if (status === "active" && !(await hasTrigger(entity))) throw notFound("Only rules with existing triggers can be activated");
    if (entity.status !== status) await entities.put("rules", path, true, (old) => changed(old, { status, updated: context.now() }));
    response.status(200).end();
  });

  router.get("/:name", async (request, response) => {
    response.json(await viewOf((await entities.get("rules", pathOf(request, ownNamespace(request, response)))).entity));
  });

  router.delete("/:name", async (request, response) => {
    const { entity } = await entities.delete("rules", pathOf(request, ownNamespace(request, response)), context.now());
    response.json(ruleView({ ...entity, status: "inactive" }, true));
  });

  router.get("/", (request, response) => sendList(request, response, store.entities, { namespace: ownNamespace(request, response), collection: "rules" }, viewOf));

  allowOnly(router, "/:name", "GET", "PUT", "POST", "DELETE");
  allowOnly(router, "/", "GET");

  async function buildRule(identity: Identity, path: EntityPath, content: RulePut, old: Rule | undefined): Promise<Rule> {
    const trigger = content.trigger === undefined ? old && pathOfKey(old.trigger) : parseEntityPath(content.trigger, path.namespace);
    const action = content.action === undefined ? old && pathOfKey(old.action) : parseEntityPath(content.action, path.namespace);
    if (!trigger || !action) throw badRequest("rule requires a valid trigger and a valid action");
    if (trigger.namespace !== identity.namespace) throw forbidden(trigger);
    await entities.get("triggers", trigger).catch(missing(`trigger /${keyOf(trigger)} does not exist`));
    await accessAction(entities, identity, action).catch(missing(`action /${keyOf(action)} does not exist`));
    return {
      collection: "rules",
      ...path,
      version: content.version ?? (old ? nextVersion(old.version) : "0.0.1"),
      publish: content.publish ?? old?.publish ?? false,
      annotations: content.annotations ?? old?.annotations ?? [],
      updated: context.now(),
      trigger: keyOf(trigger),
      action: keyOf(action),
      // Of a rule that exists only a POST changes the status.
      status: old?.status ?? (content.status || "active"),
    };
  }

  return router;
}

const pathOf = (request: Request, namespace: string): EntityPath => ({ namespace, name: checkEntityName(String(request.params.name)) });

const missing = (message: string) => (error: unknown) => {
  throw isFinal(error) && error.status !== 403 ? badRequest(message) : error;
};

function changed(old: Rule | undefined, change: Partial<Rule>): Rule {
  if (!old) throw notFound();
  return { ...old, ...change };
}
