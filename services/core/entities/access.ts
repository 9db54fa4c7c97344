import { isFinal, WhiskError } from "../errors";
import type { Identity, Package, SequenceExec } from "../model/entities";
import { type EntityPath, keyOf, parseEntityPath } from "../model/names";
import type { Revision } from "../ports/store";
import type { EntityRepository } from "./repository";
import { resolveAction, type ResolvedAction, resolvePackage } from "./resolve";

/**
 * Finds an action that somebody may read and invoke: an own one, one of a public package, or one through an own
 * binding to a public package.
 *
 * @throws WhiskError 403, 404, 409
 */
export async function accessAction(entities: EntityRepository, identity: Identity, path: EntityPath): Promise<ResolvedAction> {
  if (path.package === undefined && path.namespace !== identity.namespace) throw forbidden(path);
  const resolved = await resolveAction(entities, path).catch(hidden(identity, path));
  checkShared(identity, resolved.packages, path);
  return resolved;
}

/**
 * Finds a package that somebody may read: an own one, a public one, or an own binding to such; a binding with what
 * it stands for.
 *
 * @throws WhiskError 403, 404, 409
 */
export async function accessPackage(entities: EntityRepository, identity: Identity, path: EntityPath): Promise<Revision<Package>[]> {
  const found = await resolvePackage(entities, path).catch(hidden(identity, path));
  checkShared(identity, found.map(({ entity }) => entity), path);
  return found;
}

/**
 * Whether somebody may invoke all actions of a sequence. Missing ones are no offence: the sequence tells when it runs.
 *
 * @throws WhiskError 403
 */
export async function accessComponents(entities: EntityRepository, identity: Identity, exec: SequenceExec): Promise<void> {
  for (const component of new Set(exec.components)) {
    await accessAction(entities, identity, parseEntityPath(component, identity.namespace)).catch((error: unknown) => {
      if (!isFinal(error) || error.status === 403) throw error;
    });
  }
}

/** A binding is its owner's alone, whatever it stands for: it may carry secrets as parameters. */
function checkShared(identity: Identity, [holder, binding]: Package[], path: EntityPath): void {
  const own = (entity: Package) => entity.namespace === identity.namespace;
  if (holder && !own(holder) && !holder.publish) throw forbidden(path);
  if (binding && !own(binding)) throw forbidden(path);
}

/** Whether something exists in another's namespace is not told. */
const hidden = (identity: Identity, path: EntityPath) => (error: unknown) => {
  throw path.namespace !== identity.namespace && isFinal(error) ? forbidden(path) : error;
};

export const forbidden = (path: EntityPath) => new WhiskError(403, `The supplied authentication is not authorized to access '${keyOf(path)}'.`);
