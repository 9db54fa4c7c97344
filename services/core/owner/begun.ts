import { type ResolvedAction, resolveRef } from "../entities/resolve";
import type { ActivationId } from "../ids";
import { isComposite } from "../model/entities";
import type { OwnerContext, Plan } from "./context";

/**
 * The action of a step. If an earlier owner has begun the step, it is that in the revision that was chosen then, whatever has
 * become of it since: the start of code tells it, and what runs other actions is noted down here before any of them begins.
 *
 * @param find the action as it is now, or a text that says why there is none
 */
export async function actionOfStep(context: OwnerContext, parent: Plan, activationId: ActivationId, find: () => Promise<ResolvedAction | string>): Promise<ResolvedAction | string> {
  const begun = parent.resumed ? await actionBegun(context, activationId) : undefined;
  if (begun) return begun;
  const found = await find();
  if (!parent.accepted || typeof found === "string" || !isComposite(found.action)) return found;
  const start = { activationId, attempt: 0, invoker: context.instance, at: context.now(), action: found.ref };
  if (await context.store.starts.claim(start)) return found;
  // An owner that was taken for dead has just begun it.
  return (await actionBegun(context, activationId)) ?? found;
}

/** Undefined when it was not begun, or it is not known with what. */
async function actionBegun({ store: { starts }, entities }: OwnerContext, activationId: ActivationId): Promise<ResolvedAction | undefined> {
  for (let attempt = 0; ; attempt++) {
    const start = await starts.get(activationId, attempt);
    if (start?.action) return resolveRef(entities, start.action);
    // An attempt that found no container has an end without a start.
    if (!start && !(await starts.ended(activationId, attempt))) return undefined;
  }
}
