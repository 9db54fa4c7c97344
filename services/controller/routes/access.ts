import { WhiskError } from "../../core/errors";
import type { EntityRepository } from "../../core/entities/repository";
import { resolveAction, type ResolvedAction, resolvePackage } from "../../core/entities/resolve";
import type { Identity, Package } from "../../core/model/entities";
import { type EntityPath, keyOf } from "../../core/model/names";
import type { Revision } from "../../core/ports/store";

/** Finds an action that the caller may read and invoke: an own one, or one of a public package. */
export async function accessAction(entities: EntityRepository, identity: Identity, path: EntityPath): Promise<ResolvedAction> {
  if (path.namespace !== identity.namespace && path.package === undefined) throw forbidden(path);
  const resolved = await resolveAction(entities, path).catch((error: unknown) => {
    // Whether something exists in another's namespace is not told.
    throw path.namespace !== identity.namespace && error instanceof WhiskError ? forbidden(path) : error;
  });
  for (const entity of resolved.packages) checkShared(identity, entity, path);
  return resolved;
}

/** Finds a package that the caller may read: an own one or a public one; a binding with what it stands for. */
export async function accessPackage(entities: EntityRepository, identity: Identity, path: EntityPath): Promise<Revision<Package>[]> {
  const found = await resolvePackage(entities, path).catch((error: unknown) => {
    throw path.namespace !== identity.namespace && error instanceof WhiskError ? forbidden(path) : error;
  });
  for (const { entity } of found) checkShared(identity, entity, path);
  return found;
}

function checkShared(identity: Identity, entity: Package, path: EntityPath): void {
  if (entity.namespace !== identity.namespace && !entity.publish) throw forbidden(path);
}

const forbidden = (path: EntityPath) => new WhiskError(403, `The supplied authentication is not authorized to access '${keyOf(path)}'.`);
