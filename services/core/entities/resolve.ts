import { notFound, WhiskError } from "../errors";
import type { ActionRef, RevisionRef } from "../messages";
import { type Action, isSequence, type Package } from "../model/entities";
import { type EntityPath, keyOf } from "../model/names";
import { mergeParameters, type Parameter, valueOf } from "../model/parameters";
import type { Revision } from "../ports/store";
import type { EntityRepository } from "./repository";

/** An action at a fixed revision, with all that it inherits. */
export interface ResolvedAction {
  ref: ActionRef;
  action: Action;
  /** Of the package, the binding and the action itself: the later win. */
  parameters: Parameter[];
  /** Parameters that a caller may not override: those with a value, if the action is annotated `final`. */
  immutable: ReadonlySet<string>;
  /** `namespace/name` of the binding through which it was reached. */
  binding?: string;
  /** The packages that were passed: the holder, then a binding to it. */
  packages: Package[];
}

/**
 * Finds the action that a path means, through a package binding if the package is one.
 *
 * @throws WhiskError 404, 409
 */
export async function resolveAction(entities: EntityRepository, path: EntityPath): Promise<ResolvedAction> {
  if (path.package === undefined) {
    return assemble(await entities.get("actions", path), []);
  }
  const packages = await resolvePackage(entities, { namespace: path.namespace, name: path.package });
  const holder = packages[0]!.entity;
  const action = await entities.get("actions", { namespace: holder.namespace, package: holder.name, name: path.name });
  return assemble(action, packages);
}

/**
 * The package itself; or, for a binding, the package that it stands for and then the binding.
 *
 * @param load finds each package on the way, and may refuse it
 * @throws WhiskError 404, 409; 422 when bindings stand for each other
 */
export async function resolvePackage(
  entities: EntityRepository,
  path: EntityPath,
  load: (at: EntityPath) => Promise<Revision<Package>> = (at) => entities.get("packages", at),
): Promise<Revision<Package>[]> {
  const found: Revision<Package>[] = [];
  // What a binding stands for may have been deleted, and be a binding itself now.
  for (let at: EntityPath = path; ; ) {
    if (found.some(({ key }) => key === keyOf(at))) throw new WhiskError(422, `Package binding '${keyOf(at)}' contains a circular reference.`);
    const revision = await load(at);
    found.unshift(revision);
    if (!revision.entity.binding) return found;
    at = revision.entity.binding;
  }
}

/**
 * The same action again, from the revisions that were noted down.
 *
 * @throws WhiskError 404 when they are gone
 */
export async function resolveRef(entities: EntityRepository, ref: ActionRef): Promise<ResolvedAction> {
  const load = async (revision: RevisionRef) => {
    const found = await entities.at(revision);
    if (!found) throw notFound("Action could not be found or may have been deleted.");
    return found;
  };
  const [action, ...packages] = await Promise.all([ref.action, ...ref.packages].map(load));
  if (action?.entity.collection !== "actions") throw new WhiskError(409, "Action version is not compatible and cannot be invoked.");
  return assemble(action as Revision<Action>, packages as Revision<Package>[]);
}

/** An action with what it inherits from the package that holds it, and from a binding to that. */
export function assemble(action: Revision<Action>, packages: Revision<Package>[]): ResolvedAction {
  const own = isSequence(action.entity.exec) ? [] : action.entity.parameters;
  const parameters = packages.length === 0 ? own : mergeParameters(...packages.map(({ entity }) => entity.parameters), own);
  const final = valueOf(action.entity.annotations, "final") === true;
  const binding = packages.length > 1 ? packages.at(-1)!.entity : undefined;
  return {
    ref: { action: refOf(action), packages: packages.map(refOf) },
    action: action.entity,
    parameters,
    immutable: final ? new Set(parameters.filter(({ value }) => value !== null).map(({ key }) => key)) : NONE,
    binding: binding && keyOf(binding),
    packages: packages.map(({ entity }) => entity),
  };
}

const NONE: ReadonlySet<string> = new Set();

const refOf = ({ key, rev }: RevisionRef): RevisionRef => ({ key, rev });
