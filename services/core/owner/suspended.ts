import { type Activation, applicationError } from "../model/activation";
import type { OwnerContext, Plan } from "./context";
import { keepRecord, makeRecord } from "./record";

/** OpenWhisk's words. */
const SUSPENDED = "The action was not invoked due to a blacklisted namespace.";

/**
 * Has the start of what is refused, in an invoker's stead. No process's name: whoever comes to the work after an interruption
 * knows by it that nobody runs it, and finishes the refusal.
 */
export const REFUSED = "refused";

/**
 * Brings a run of a namespace that is blocked, or gone, to its record without running its code.
 *
 * @returns undefined when accepted work has a start already: what that comes to has to be looked for
 */
export async function refuse(context: OwnerContext, plan: Plan): Promise<Activation | undefined> {
  const { activationId } = plan;
  // Whoever has the start may run it: no invoker, to which an earlier owner may have sent it, does after this.
  const ours = !plan.accepted || (await context.store.starts.claim({ activationId, attempt: 0, invoker: REFUSED, at: context.now() }));
  return ours ? keepRefusal(context, plan) : undefined;
}

/** The record of a run that was refused. */
export const keepRefusal = (context: OwnerContext, plan: Plan): Promise<Activation> =>
  keepRecord(context, makeRecord(plan, { end: context.now(), response: applicationError(SUSPENDED) }));
