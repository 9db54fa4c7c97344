import { type Request, Router } from "express";
import { badRequest, conflict, WhiskError } from "../../core/errors";
import { type Action, nextVersion, type Package } from "../../core/model/entities";
import { checkEntityName, type EntityPath } from "../../core/model/names";
import { mergeParameters } from "../../core/model/parameters";
import type { ControllerContext } from "../context";
import { anyNamespace, identityOf, ownNamespace } from "../http/auth";
import { entityBody, objectBody } from "../http/body";
import { flagOf, pageOf } from "../http/query";
import { packagePut, type PackagePut, parse } from "../http/schemas";
import { packageSummary, packageView } from "../views/entities";
import { accessPackage } from "../../core/entities/access";
import { checkParametersSize } from "./sizes";

const RESERVED = ["default"];

export function packageRoutes(context: ControllerContext): Router {
  const { entities, store } = context;
  const router = Router({ mergeParams: true });

  const actionsOf = async ({ namespace, name }: Package) =>
    (await store.entities.list({ namespace, collection: "actions", package: name, limit: 0, skip: 0 })).map(({ entity }) => entity as Action);

  router.put("/:name", ...entityBody, async (request, response) => {
    const path = pathOf(request, ownNamespace(request, response));
    if (RESERVED.includes(path.name)) throw badRequest(`Package name '${path.name}' is reserved.`);
    const content = parse(packagePut, objectBody(request));
    const binding = content.binding && (await checkBinding(content.binding, request, path));
    const { entity } = await entities.put("packages", path, flagOf(request, "overwrite"), (old) => buildPackage(path, content, binding, old, context.now()));
    response.json({ ...packageSummary(entity), parameters: entity.parameters });
  });

  router.get("/:name", async (request, response) => {
    const found = await accessPackage(entities, identityOf(response), pathOf(request, anyNamespace(request, response)));
    const [holder, shown] = [found[0]!.entity, found.at(-1)!.entity];
    const parameters = mergeParameters(...found.map(({ entity }) => entity.parameters));
    response.json(packageView({ ...shown, parameters }, await actionsOf(holder)));
  });

  router.delete("/:name", async (request, response) => {
    const path = pathOf(request, ownNamespace(request, response));
    const { entity } = await entities.get("packages", path);
    const contained = entity.binding ? [] : await actionsOf(entity);
    if (contained.length > 0 && !flagOf(request, "force")) {
      throw conflict(`Package not empty (contains ${contained.length} ${contained.length === 1 ? "entity" : "entities"}). Set force param or delete package contents.`);
    }
    for (const action of contained) await entities.delete("actions", action, context.now());
    await entities.delete("packages", path, context.now());
    response.json({ ...packageSummary(entity), parameters: entity.parameters });
  });

  router.get("/", async (request, response) => {
    const namespace = anyNamespace(request, response);
    const query = { namespace, collection: "packages" as const };
    if (flagOf(request, "count")) {
      ownNamespace(request, response);
      response.json({ packages: await store.entities.count(query) });
      return;
    }
    // Of another namespace only what it shares is shown.
    const own = namespace === identityOf(response).namespace;
    const found = await store.entities.list({ ...query, ...pageOf(request, "packages") });
    response.json(found.map(({ entity }) => entity as Package).filter((entity) => own || entity.publish).map(packageSummary));
  });

  async function checkBinding(binding: { namespace: string; name: string }, request: Request, path: EntityPath): Promise<{ namespace: string; name: string }> {
    const identity = identityOf(request.res!);
    const provider = { namespace: binding.namespace === "_" ? identity.namespace : binding.namespace, name: checkEntityName(binding.name, "package name") };
    if (provider.namespace === path.namespace && provider.name === path.name) throw badRequest("Cannot bind to another package binding.");
    const found = await accessPackage(entities, identity, provider).catch((error: unknown) => {
      if (!(error instanceof WhiskError) || error.status === 403) throw error;
      throw badRequest(error.status === 409 ? "Cannot bind to a resource that is not a package." : "Binding references a package that does not exist.");
    });
    if (found.length > 1) throw badRequest("Cannot bind to another package binding.");
    return provider;
  }

  return router;
}

function buildPackage(path: EntityPath, content: PackagePut, binding: Package["binding"], old: Package | undefined, now: number): Package {
  if (binding && old && !old.binding) throw conflict("Resource is a package and cannot be converted into a binding.");
  return {
    collection: "packages",
    ...path,
    version: content.version ?? (old ? nextVersion(old.version) : "0.0.1"),
    publish: content.publish ?? old?.publish ?? false,
    annotations: content.annotations ?? old?.annotations ?? [],
    parameters: checkParametersSize(content.parameters ?? old?.parameters ?? [], "Package"),
    updated: now,
    binding: binding ?? old?.binding,
  };
}

const pathOf = (request: Request, namespace: string): EntityPath => ({ namespace, name: checkEntityName(String(request.params.name), "package name") });
