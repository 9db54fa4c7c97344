import { resolveAction, type ResolvedAction } from "../../core/entities/resolve";
import { isFinal, notFound, WhiskError } from "../../core/errors";
import type { Identity } from "../../core/model/entities";
import { type EntityPath, isEntityName, keyOf } from "../../core/model/names";
import type { ControllerContext } from "../context";
import { isSet } from "./annotations";

export interface WebAction {
  /** For whom it runs, whoever calls. */
  owner: Identity;
  action: ResolvedAction;
}

/**
 * Finds an action by the parts of its URL.
 *
 * @param packageName `default`: it is in none
 * @throws WhiskError 404 for anything that is not exported: nothing is told of what is there; 403 for what its owner may not run
 */
export async function findWebAction({ tenants, entities }: ControllerContext, namespaceName: string, packageName: string, name: string): Promise<WebAction> {
  if (![namespaceName, packageName, name].every(isEntityName)) throw notFound();
  const namespace = await tenants.byName(namespaceName);
  if (!namespace || namespace.blocked) throw notFound();
  const path: EntityPath = packageName === "default" ? { namespace: namespaceName, name } : { namespace: namespaceName, package: packageName, name };
  const action = await resolveAction(entities, path).catch((error: unknown) => {
    throw isFinal(error) ? notFound() : error;
  });
  if (!isSet(action.action.annotations, "web-export")) throw notFound();
  if (!action.packages.every((holder) => holder.namespace === namespaceName || holder.publish)) {
    throw new WhiskError(403, `The supplied authentication is not authorized to access '${keyOf(action.action)}'.`);
  }
  return { owner: { namespace: namespace.name, uuid: namespace.uuid, subject: namespace.subject }, action };
}
