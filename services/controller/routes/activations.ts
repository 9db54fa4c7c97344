import { type Request, type Response, Router } from "express";
import { setTimeout as sleep } from "node:timers/promises";
import { badRequest, notFound } from "../../core/errors";
import type { ActivationId } from "../../core/ids";
import { type Activation, activationSummary, activationView, responseView } from "../../core/model/activation";
import { isEntityName } from "../../core/model/names";
import type { ActivationStore } from "../../core/ports/store";
import type { ControllerContext } from "../context";
import { activationIdOf } from "../http/activationId";
import { identityOf, ownNamespace } from "../http/auth";
import { sendCount } from "../http/list";
import { allowOnly } from "../http/methods";
import { flagOf, malformedQuery, pageOf, queryOf, timeOf } from "../http/query";

/** Milliseconds. */
const FIRST_PAUSE = 20;

export function activationRoutes({ store, tenants }: ControllerContext): Router {
  const router = Router({ mergeParams: true });

  /** What started before is that of a deleted namespace of the same name. */
  const beginningOf = async (response: Response): Promise<number> => (await tenants.byUuid(identityOf(response).uuid))?.created ?? 0;

  const find = async (request: Request, response: Response): Promise<Activation> => {
    const id = activationIdOf(request);
    const activation = await findRecord(store.activations, ownNamespace(request, response), id);
    if (!activation || activation.start < (await beginningOf(response))) throw notFound();
    return activation;
  };

  router.get("/", async (request, response) => {
    const namespace = ownNamespace(request, response);
    const page = pageOf(request, "activations");
    const [count, docs] = [flagOf(request, "count"), flagOf(request, "docs")];
    const [name, since = 0, upto] = [nameFilter(request), timeOf(request, "since"), timeOf(request, "upto")];
    if (count && docs) throw badRequest("The parameter 'docs' is not permitted with 'count'.");
    const filter = { namespace, name, since: Math.max(since, await beginningOf(response)), upto };
    if (count) {
      sendCount(response, "activations", await store.activations.count(filter), page.skip);
      return;
    }
    const found = await store.activations.list({ ...filter, ...page });
    response.json(found.map((activation) => (docs ? activationView(activation) : activationSummary(activation))));
  });

  router.get("/:id", async (request, response) => {
    response.json(activationView(await find(request, response)));
  });

  router.get("/:id/logs", async (request, response) => {
    response.json({ logs: (await find(request, response)).logs });
  });

  router.get("/:id/result", async (request, response) => {
    response.json(responseView((await find(request, response)).response));
  });

  allowOnly(router, ["/", "/:id", "/:id/logs", "/:id/result"], "GET");

  return router;
}

/** Looks again for as long as the record of a call that has just been answered may be on its way: see {@link ActivationStore.lag}. */
async function findRecord(activations: ActivationStore, namespace: string, id: ActivationId): Promise<Activation | undefined> {
  const { lag = 0 } = activations;
  for (let [waited, pause] = [0, FIRST_PAUSE]; ; waited += pause, pause *= 2) {
    const found = await activations.get(namespace, id);
    if (found || waited >= lag) return found;
    await sleep(pause);
  }
}

/** `name` or `package/name`. */
function nameFilter(request: Request): string | undefined {
  const name = queryOf(request, "name");
  if (name === undefined || name.trim() === "") return undefined;
  const parts = name.split("/").filter((part) => part !== "");
  if (parts.length < 1 || parts.length > 2 || !parts.every(isEntityName)) throw malformedQuery("name", `Parameter may be a 'simple' name or 'package-name/simple' name: ${name}`);
  return parts.join("/");
}
