import { type Request, Router } from "express";
import { badRequest } from "../../core/errors";
import { nextVersion, type Rule, type Trigger } from "../../core/model/entities";
import { checkEntityName, isEntityName, keyOf } from "../../core/model/names";
import type { Json } from "../../core/model/parameters";
import type { ControllerContext } from "../context";
import { identityOf, ownNamespace } from "../http/auth";
import { entityBody, objectBody, payloadBody } from "../http/body";
import { sendList } from "../http/list";
import { allowOnly } from "../http/methods";
import { flagOf } from "../http/query";
import { parse, triggerPut } from "../http/schemas";
import { transactionOf } from "../http/transaction";
import { triggerSummary, triggerView } from "../views/entities";
import { sendAccepted } from "./invoke";
import { checkParametersSize } from "./sizes";

export function triggerRoutes(context: ControllerContext): Router {
  const { entities, store, owner } = context;
  const router = Router({ mergeParams: true });

  const viewOf = async (trigger: Trigger) =>
    triggerView(trigger, (await store.entities.rulesOf(keyOf(trigger))).map(({ entity }) => entity as Rule));

  router.post("/:name", ...payloadBody, async (request, response) => {
    const trigger = await entities.get("triggers", { namespace: ownNamespace(request, response), name: nameOf(request) });
    const activationId = await owner.fire({
      identity: identityOf(response),
      transactionId: transactionOf(response),
      payload: objectBody(request),
      trigger,
      rules: await store.entities.rulesOf(trigger.key),
    });
    if (activationId === undefined) response.status(204).end();
    else sendAccepted(response, activationId);
  });

  router.put("/:name", ...entityBody, async (request, response) => {
    const path = { namespace: ownNamespace(request, response), name: nameOf(request) };
    const content = parse(triggerPut, objectBody(request));
    const { entity } = await entities.put("triggers", path, flagOf(request, "overwrite"), (old): Trigger => {
      const feed = content.annotations?.find(({ key }) => key === "feed");
      if (!old && feed && !isPath(feed.value)) throw badRequest("Feed name is not valid");
      return {
        collection: "triggers",
        ...path,
        version: content.version ?? (old ? nextVersion(old.version) : "0.0.1"),
        publish: content.publish ?? old?.publish ?? false,
        annotations: content.annotations ?? old?.annotations ?? [],
        parameters: checkParametersSize(content.parameters ?? old?.parameters ?? [], "Trigger"),
        updated: context.now(),
      };
    });
    response.json(await viewOf(entity));
  });

  router.get("/:name", async (request, response) => {
    const { entity } = await entities.get("triggers", { namespace: ownNamespace(request, response), name: nameOf(request) });
    response.json(await viewOf(entity));
  });

  router.delete("/:name", async (request, response) => {
    const path = { namespace: ownNamespace(request, response), name: nameOf(request) };
    const view = await viewOf((await entities.get("triggers", path)).entity);
    await entities.delete("triggers", path, context.now());
    response.json(view);
  });

  router.get("/", (request, response) =>
    sendList(request, response, store.entities, { namespace: ownNamespace(request, response), collection: "triggers" }, triggerSummary),
  );

  allowOnly(router, "/:name", "GET", "PUT", "POST", "DELETE");
  allowOnly(router, "/", "GET");

  return router;
}

const nameOf = (request: Request) => checkEntityName(String(request.params.name));

/** A name, with or without its package and namespace. */
function isPath(value: Json): boolean {
  const parts = typeof value === "string" ? value.split("/").filter((part) => part !== "") : [];
  return parts.length > 0 && parts.every(isEntityName);
}
