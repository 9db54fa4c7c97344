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

/** Nothing is to be started for the namespace any more. A promise only for who is not known here. */
export const isSuspended = (context: OwnerContext, { identity }: Plan): boolean | Promise<boolean> => context.isSuspended?.(identity) ?? false;

/**
 * Sees to it that no invoker begins an attempt at accepted work, also none to which it was sent before. One that was begun
 * keeps its start.
 */
export async function refuse({ store, now }: OwnerContext, { activationId, action }: Plan, attempt: number): Promise<void> {
  await store.starts.claim({ activationId, attempt, invoker: REFUSED, at: now(), action: action.ref });
}

/**
 * The record of a run that was refused. Of a deleted namespace it is one of long ago: nobody can ask for it, nor is it that of
 * a namespace that was made since under the name.
 */
export async function keepRefusal(context: OwnerContext, plan: Plan): Promise<Activation> {
  const record = makeRecord(plan, { end: context.now(), response: applicationError(SUSPENDED) });
  return keepRecord(context, (await context.isGone?.(plan.identity)) ? { ...record, start: 0 } : record);
}
