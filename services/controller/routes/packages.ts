import { Router } from "express";
import { accessPackage } from "../../core/entities/access";
import { badRequest, conflict, isFinal, notFound, WhiskError } from "../../core/errors";
import { type Action, type Identity, nextVersion, type Package } from "../../core/model/entities";
import { type EntityPath, keyOf } from "../../core/model/names";
import { type KeyValue, mergeParameters } from "../../core/model/parameters";
import type { ControllerContext } from "../context";
import { anyNamespace, identityOf } from "../http/auth";
import { entityBody } from "../http/body";
import { sendCount, sendList } from "../http/list";
import { allowOnly } from "../http/methods";
import { namedEntity, ownEntity, requireOwn } from "../http/named";
import { putOf } from "../http/put";
import { flagOf, pageOf } from "../http/query";
import { packagePut, type PackagePut, parsePut } from "../http/schemas";
import { packageSummary, packageView, packageWithContents } from "../views/entities";

type Binding = NonNullable<Package["binding"]>;
/** What is bound to. */
type Provider = Binding & { isBinding: boolean };

const RESERVED = ["default"];

export function packageRoutes(context: ControllerContext): Router {
  const { entities, store, tenants } = context;
  const router = Router({ mergeParams: true, strict: true, caseSensitive: true });

  const actionsOf = async ({ namespace, name }: Package) =>
    (await store.entities.list({ namespace, collection: "actions", package: name, limit: 0, skip: 0 })).map(({ entity }) => entity as Action);

  router.put("/:name", requireOwn, ...entityBody, async (request, response) => {
    const path = ownEntity(request, response);
    const { body, overwrite } = putOf(request, tenants.limits(path.namespace).maxParameterSize);
    if (RESERVED.includes(path.name)) throw badRequest(`Package name '${path.name}' is reserved.`);
    const content = parsePut(packagePut, body);
    const provider = content.binding && (await accessProvider(content.binding, identityOf(response)));
    const { entity } = await entities.put("packages", path, overwrite, (old) => buildPackage(path, content, provider, old, context.now()));
    response.json(packageView(entity));
  });

  router.get("/:name", async (request, response) => {
    const path = namedEntity(request, response);
    const found = await accessPackage(entities, identityOf(response), path).catch((error: unknown) => {
      throw error instanceof WhiskError && error.status === 404 ? notFound(`The requested resource '${keyOf(path)}' does not exist.`) : error;
    });
    const [holder, shown] = [found[0]!.entity, found.at(-1)!.entity];
    const parameters = mergeParameters(...found.map(({ entity }) => entity.parameters));
    response.json(packageWithContents({ ...shown, parameters }, await actionsOf(holder)));
  });

  router.delete("/:name", async (request, response) => {
    const path = ownEntity(request, response);
    const force = flagOf(request, "force");
    const { entity } = await entities.get("packages", path);
    const contained = entity.binding ? [] : await actionsOf(entity);
    if (contained.length > 0 && !force) {
      throw conflict(`Package not empty (contains ${contained.length} ${contained.length === 1 ? "entity" : "entities"}). Set force param or delete package contents.`);
    }
    for (const action of contained) await entities.delete("actions", action, context.now()).catch(unlessMissing);
    await entities.delete("packages", path, context.now());
    response.json(packageView(entity));
  });

  router.get("/", async (request, response) => {
    const namespace = anyNamespace(request, response);
    const query = { namespace, collection: "packages" as const };
    if (namespace === identityOf(response).namespace) return sendList(request, response, store.entities, query, packageSummary);
    // Of another namespace only what it shares is there.
    const { limit, skip } = pageOf(request, "packages");
    const found = (await store.entities.list({ ...query, limit: 0, skip: 0 })).map(({ entity }) => entity as Package);
    const shared = found.filter(({ publish, binding }) => publish && !binding);
    if (flagOf(request, "count")) return sendCount(response, "packages", shared.length, skip);
    response.json(shared.slice(skip, skip + limit).map(packageSummary));
  });

  allowOnly(router, "/:name", "GET", "PUT", "DELETE");
  allowOnly(router, "/", "GET");

  async function accessProvider(binding: Binding, identity: Identity): Promise<Provider> {
    const provider = { namespace: binding.namespace === "_" ? identity.namespace : binding.namespace, name: binding.name };
    const found = await accessPackage(entities, identity, provider).catch((error: unknown) => {
      if (!isFinal(error) || ![404, 409].includes(error.status)) throw error;
      throw error.status === 409 ? conflict("Cannot bind to a resource that is not a package.") : badRequest("Binding references a package that does not exist.");
    });
    return { ...provider, isBinding: found.length > 1 };
  }

  return router;
}

function buildPackage(path: EntityPath, content: PackagePut, provider: Provider | undefined, old: Package | undefined, now: number): Package {
  if (provider && old && !old.binding) throw conflict("Resource is a package and cannot be converted into a binding.");
  if (provider?.isBinding) throw badRequest("Cannot bind to another package binding.");
  const binding = provider ? { namespace: provider.namespace, name: provider.name } : old?.binding;
  return {
    collection: "packages",
    ...path,
    version: content.version ?? (old ? nextVersion(old.version) : "0.0.1"),
    publish: content.publish ?? old?.publish ?? false,
    annotations: annotationsOf(content.annotations ?? old?.annotations ?? [], binding),
    parameters: content.parameters ?? old?.parameters ?? [],
    updated: now,
    binding,
  };
}

/** A binding shows in lists by an annotation, which nobody else can set. */
function annotationsOf(annotations: KeyValue[], binding: Binding | undefined): KeyValue[] {
  const others = annotations.filter(({ key }) => key !== "binding");
  return binding ? [...others, { key: "binding", value: { ...binding } }] : others;
}

const unlessMissing = (error: unknown) => {
  if (!(error instanceof WhiskError) || error.status !== 404) throw error;
};
