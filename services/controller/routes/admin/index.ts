import { type Request, Router } from "express";
import { badRequest } from "../../../core/errors";
import { TenantAdmin } from "../../../core/tenants/admin";
import { randomSecret } from "../../../core/tenants/keys";
import type { ControllerContext } from "../../context";
import { optionalBody, objectBody } from "../../http/body";
import { sendCount } from "../../http/list";
import { allowOnly } from "../../http/methods";
import { flagOf, pageOf } from "../../http/query";
import { parse } from "../../http/schemas";
import { requireAdmin } from "./access";
import { keyPost, namespacePut } from "./schemas";
import { keyView, namespaceDetails, namespaceSummary, namespaceView } from "./views";

const COLLECTION = "namespaces";

/** Namespaces, their keys and limits, for whoever runs the platform. */
export function adminRoutes(context: ControllerContext): Router {
  const { tenants, store, entities, now } = context;
  const { key, permanent, refuseAnother } = context.admin;
  const admin = new TenantAdmin({ tenants, store, entities, permanent: new Set(permanent), refuseAnother, now });
  const router = Router();
  router.use(requireAdmin(key));

  router.get("/namespaces", async (request, response) => {
    const page = pageOf(request, COLLECTION);
    if (flagOf(request, "count")) sendCount(response, COLLECTION, await tenants.count(), page.skip);
    else response.json((await tenants.list(page)).map(namespaceSummary));
  });

  router.put("/namespaces/:name", ...optionalBody, async (request, response) => {
    const wish = parse(namespacePut, objectBody(request));
    const { namespace, created, secret } = await admin.put(newNameOf(request), wish, { overwrite: flagOf(request, "overwrite", true) });
    response.status(created ? 201 : 200).json(namespaceView(namespace, secret));
  });

  router.get("/namespaces/:name", async (request, response) => {
    const namespace = await admin.get(nameOf(request));
    response.json(namespaceDetails(namespace, tenants.limitsOf(namespace)));
  });

  router.delete("/namespaces/:name", async (request, response) => {
    response.json(namespaceView(await admin.remove(nameOf(request), flagOf(request, "force"))));
  });

  router.get("/namespaces/:name/keys", async (request, response) => {
    response.json((await admin.get(nameOf(request))).keys.map(keyView));
  });

  router.post("/namespaces/:name/keys", ...optionalBody, async (request, response) => {
    const { key: secret = randomSecret(), expiresIn, othersExpireIn } = parse(keyPost, objectBody(request));
    const after = (seconds: number | undefined) => (seconds === undefined ? undefined : now() + seconds * 1_000);
    const added = await admin.addKey(nameOf(request), secret, { expires: after(expiresIn), othersExpire: after(othersExpireIn) });
    response.status(201).json({ ...keyView(added.key), auth: `${added.namespace.uuid}:${secret}` });
  });

  router.delete("/namespaces/:name/keys/:id", async (request, response) => {
    response.json(namespaceView(await admin.removeKey(nameOf(request), String(request.params.id))));
  });

  allowOnly(router, "/namespaces", "GET");
  allowOnly(router, "/namespaces/:name", "GET", "PUT", "DELETE");
  allowOnly(router, "/namespaces/:name/keys", "GET", "POST");
  allowOnly(router, "/namespaces/:name/keys/:id", "DELETE");
  return router;
}

const nameOf = (request: Request): string => String(request.params.name);

/** Narrower than what an entity may be called: it stands in paths and on command lines. `_` means one's own. */
function newNameOf(request: Request): string {
  const name = nameOf(request);
  if (/^\w[\w@.-]{0,127}$/.test(name) && name !== "_") return name;
  throw badRequest("The name of a namespace must be 1 to 128 letters, digits and _ @ . -, beginning with a letter, a digit or _, and not be '_' alone.");
}
