import { Router } from "express";
import { accessReferences } from "../../core/entities/access";
import { resolveAction } from "../../core/entities/resolve";
import { isTied } from "../../core/entities/ties";
import { badRequest, isFinal, notFound } from "../../core/errors";
import { nextVersion, type Rule, type Trigger } from "../../core/model/entities";
import { type EntityPath, keyOf, parseFullName, pathOfKey } from "../../core/model/names";
import type { ControllerContext } from "../context";
import { identityOf, ownNamespace } from "../http/auth";
import { entityBody, objectBody } from "../http/body";
import { sendList } from "../http/list";
import { allowOnly } from "../http/methods";
import { ownEntity, requireOwn } from "../http/named";
import { putOf } from "../http/put";
import { parsePut, rulePut, type RulePut, ruleStatus } from "../http/schemas";
import { limitPayload } from "../http/throttle";
import { ruleSummary, ruleView } from "../views/entities";

/** What a PUT says of a rule, with the names in it understood. */
interface Given {
  content: RulePut;
  trigger?: EntityPath;
  action?: EntityPath;
}

export function ruleRoutes(context: ControllerContext): Router {
  const { entities, store, tenants } = context;
  const router = Router({ mergeParams: true, strict: true, caseSensitive: true });

  /** As it is stored: to the trigger that was there a moment ago nothing is to be tied. */
  const triggerAt = async (key: string): Promise<Trigger | undefined> => {
    const head = await store.entities.head(key);
    return head && !head.deleted && head.entity.collection === "triggers" ? head.entity : undefined;
  };
  const triggerOf = (rule: Rule) => triggerAt(rule.trigger);
  const statusIn = (rule: Rule, trigger: Trigger | undefined) => (trigger && isTied(rule, trigger) ? rule.status : "inactive");
  const statusOf = async (rule: Rule) => statusIn(rule, await triggerOf(rule));

  router.put("/:name", requireOwn, ...entityBody, async (request, response) => {
    const path = ownEntity(request, response);
    const identity = identityOf(response);
    const { body, overwrite } = putOf(request, tenants.limits(path.namespace).maxParameterSize);
    const content = parsePut(rulePut, body);
    const read = (name: unknown) => (name === undefined ? undefined : parseFullName(name, identity.namespace));
    const given: Given = { content, trigger: read(content.trigger), action: read(content.action) };
    await accessReferences(entities, identity, { triggers: given.trigger && [given.trigger], actions: given.action && [given.action] });
    const { entity } = await entities.put("rules", path, overwrite, (old) => buildRule(path, given, old));
    await noteTie(entity);
    response.json(ruleView(entity, entity.status));
  });

  router.post("/:name", requireOwn, limitPayload(context), ...entityBody, async (request, response) => {
    const { status } = parsePut(ruleStatus, objectBody(request));
    const path = ownEntity(request, response);
    const { entity } = await entities.get("rules", path);
    const trigger = await triggerOf(entity);
    if (statusIn(entity, trigger) !== status) {
      if (!trigger) throw notFound("Only rules with existing triggers can be activated");
      const changed = await entities.put("rules", path, true, (old) => switched(old, status, trigger));
      await noteTie(changed.entity);
    }
    response.status(200).end();
  });

  router.get("/:name", async (request, response) => {
    const { entity } = await entities.get("rules", ownEntity(request, response));
    response.json(ruleView(entity, await statusOf(entity)));
  });

  router.delete("/:name", async (request, response) => {
    const { entity } = await entities.delete("rules", ownEntity(request, response), context.now());
    response.json(ruleView(entity, "inactive"));
  });

  router.get("/", (request, response) => sendList(request, response, store.entities, { namespace: ownNamespace(request, response), collection: "rules" }, ruleSummary));

  allowOnly(router, "/:name", "GET", "PUT", "POST", "DELETE");
  allowOnly(router, "/", "GET");

  /** Of several rules at the same time one notes it for all; a trigger that has just gone needs no note. */
  async function noteTie(rule: Rule): Promise<void> {
    if ((await triggerOf(rule))?.hadRules) return;
    await entities.put("triggers", pathOfKey(rule.trigger), true, (old) => noted(old)).catch((error: unknown) => {
      if (!isFinal(error)) throw error;
    });
  }

  async function buildRule(path: EntityPath, { content, ...given }: Given, old: Rule | undefined): Promise<Rule> {
    const triggerPath = given.trigger ?? (old && pathOfKey(old.trigger));
    const action = given.action ?? (old && pathOfKey(old.action));
    if (!triggerPath || !action) throw badRequest("rule requires a valid trigger and a valid action");
    const trigger = await triggerAt(keyOf(triggerPath));
    if (!trigger) throw badRequest(`trigger /${keyOf(triggerPath)} does not exist`);
    await resolveAction(entities, action).catch(missing(`action /${keyOf(action)} does not exist`));
    return {
      collection: "rules",
      ...path,
      version: content.version ?? (old ? nextVersion(old.version) : "0.0.1"),
      publish: content.publish ?? old?.publish ?? false,
      annotations: content.annotations ?? old?.annotations ?? [],
      updated: context.now(),
      trigger: keyOf(triggerPath),
      triggerCreated: trigger.created,
      action: keyOf(action),
      // Only a POST changes the status. A rule whose trigger is gone was inactive.
      status: old ? await statusOf(old) : "active",
    };
  }

  return router;
}

const missing = (message: string) => (error: unknown) => {
  throw isFinal(error) ? badRequest(message) : error;
};

function noted(old: Trigger | undefined): Trigger {
  if (!old) throw notFound();
  return { ...old, hadRules: true };
}

/** Another status is no change of the rule: version and time stay. */
function switched(old: Rule | undefined, status: Rule["status"], trigger: Trigger): Rule {
  if (!old) throw notFound();
  return { ...old, status, triggerCreated: trigger.created };
}
