import { isFinal, WhiskError } from "../errors";
import type { Identity, Package, SequenceExec } from "../model/entities";
import { type EntityPath, keyOf, parseEntityPath } from "../model/names";
import type { Revision } from "../ports/store";
import type { EntityRepository } from "./repository";
import { assemble, type ResolvedAction, resolvePackage } from "./resolve";

/**
 * Finds an action that somebody may read and invoke: an own one, one of a public package, or one through an own
 * binding to a public package.
 *
 * @throws WhiskError 403 that names the action, or the package that may not be read; 404, 409
 */
export async function accessAction(entities: EntityRepository, identity: Identity, path: EntityPath): Promise<ResolvedAction> {
  if (path.package === undefined) {
    if (path.namespace !== identity.namespace) throw forbidden(path);
    return assemble(await entities.get("actions", path), []);
  }
  const packages = await accessPackage(entities, identity, { namespace: path.namespace, name: path.package });
  const holder = packages[0]!.entity;
  return assemble(await entities.get("actions", { namespace: holder.namespace, package: holder.name, name: path.name }), packages);
}

/**
 * Finds a package that somebody may read: an own one, a public one, or an own binding to such; a binding behind
 * what it stands for. A binding is its owner's alone, whatever it stands for: it may carry secrets as parameters.
 *
 * @throws WhiskError 403, 404, 409; whether something exists in another's namespace is not told
 */
export async function accessPackage(entities: EntityRepository, identity: Identity, path: EntityPath): Promise<Revision<Package>[]> {
  return resolvePackage(entities, path, async (at) => {
    const own = at.namespace === identity.namespace;
    const found = await entities.get("packages", at).catch((error: unknown) => {
      throw !own && isFinal(error) ? forbidden(path) : error;
    });
    if (!own && (found.entity.binding || !found.entity.publish)) throw forbidden(path);
    return found;
  });
}

/** What an entity names that others may own. */
export interface References {
  actions?: readonly EntityPath[];
  triggers?: readonly EntityPath[];
}

/**
 * Whether somebody may use what an entity refers to: own triggers and actions, and actions of packages that may be read.
 * Whether the actions and triggers exist is another question.
 *
 * @throws WhiskError 403 that names all that may not be used; 404 or 409 when an own package does not exist or is none
 */
export async function accessReferences(entities: EntityRepository, identity: Identity, { actions = [], triggers = [] }: References): Promise<void> {
  const packages = new Map(actions.flatMap(({ namespace, package: name }) => (name === undefined ? [] : [[`${namespace}/${name}`, { namespace, name }]])));
  await Promise.all([...packages.values()].map((path) => accessPackage(entities, identity, path)));
  const others = [...triggers, ...actions.filter((path) => path.package === undefined)].filter(({ namespace }) => namespace !== identity.namespace);
  if (others.length > 0) throw forbidden(...others);
}

/**
 * Whether somebody may invoke all actions of a sequence. Those that do not exist are no offence: the sequence tells when it
 * runs.
 *
 * @throws WhiskError as {@link accessReferences}
 */
export async function accessComponents(entities: EntityRepository, identity: Identity, exec: SequenceExec): Promise<void> {
  await accessReferences(entities, identity, { actions: exec.components.map((component) => parseEntityPath(component, identity.namespace)) });
}

export const forbidden = (...paths: EntityPath[]) =>
  new WhiskError(403, `The supplied authentication is not authorized to access '${[...new Set(paths.map(keyOf))].sort().join(", ")}'.`);
