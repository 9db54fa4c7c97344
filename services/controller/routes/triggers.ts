import { Router } from "express";
import { tiedRules } from "../../core/entities/ties";
import { badRequest } from "../../core/errors";
import { nextVersion, type Trigger } from "../../core/model/entities";
import { isEntityName } from "../../core/model/names";
import type { Json } from "../../core/model/parameters";
import type { ControllerContext } from "../context";
import { identityOf, ownNamespace } from "../http/auth";
import { entityBody, objectBody } from "../http/body";
import { forwardedHeaders } from "../http/forwarded";
import { sendList } from "../http/list";
import { allowOnly } from "../http/methods";
import { ownEntity, requireOwn } from "../http/named";
import { putOf } from "../http/put";
import { parsePut, triggerPut } from "../http/schemas";
import { countFire, limitedPayload } from "../http/throttle";
import { transactionOf } from "../http/transaction";
import { triggerSummary, triggerView } from "../views/entities";
import { sendAccepted } from "./invoke";

export function triggerRoutes(context: ControllerContext): Router {
  const { entities, store, owner, tenants } = context;
  const router = Router({ mergeParams: true, strict: true, caseSensitive: true });

  const viewOf = async (trigger: Trigger) => triggerView(trigger, (await tiedRules(store.entities, trigger)).map(({ entity }) => entity));

  router.post("/:name", countFire(context), requireOwn, ...limitedPayload(context), async (request, response) => {
    const payload = objectBody(request);
    const trigger = await entities.get("triggers", ownEntity(request, response));
    const activationId = await owner.fire({
      identity: identityOf(response),
      transactionId: transactionOf(response),
      payload,
      headers: forwardedHeaders(request),
      trigger,
      rules: await tiedRules(store.entities, trigger.entity),
    });
    if (activationId === undefined) response.status(204).end();
    else sendAccepted(response, activationId);
  });

  router.put("/:name", requireOwn, ...entityBody, async (request, response) => {
    const path = ownEntity(request, response);
    const { body, overwrite } = putOf(request, tenants.limits(path.namespace).maxParameterSize);
    const content = parsePut(triggerPut, body);
    const { entity } = await entities.put("triggers", path, overwrite, (old): Trigger => {
      const feed = content.annotations?.find(({ key }) => key === "feed");
      if (!old && feed && !isPath(feed.value)) throw badRequest("Feed name is not valid");
      const now = context.now();
      return {
        collection: "triggers",
        ...path,
        version: content.version ?? (old ? nextVersion(old.version) : "0.0.1"),
        publish: content.publish ?? old?.publish ?? false,
        annotations: content.annotations ?? old?.annotations ?? [],
        parameters: content.parameters ?? old?.parameters ?? [],
        updated: now,
        created: old ? old.created : now,
        hadRules: old?.hadRules,
      };
    });
    response.json(await viewOf(entity));
  });

  router.get("/:name", async (request, response) => {
    const { entity } = await entities.get("triggers", ownEntity(request, response));
    response.json(await viewOf(entity));
  });

  router.delete("/:name", async (request, response) => {
    const path = ownEntity(request, response);
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

/** A name, with or without its package and namespace. */
function isPath(value: Json): boolean {
  const parts = typeof value === "string" ? value.split("/").filter((part) => part !== "") : [];
  return parts.length > 0 && parts.every(isEntityName);
}
