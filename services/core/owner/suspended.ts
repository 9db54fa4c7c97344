import { type Activation, applicationError } from "../model/activation";
import { runAttempts } from "./attempts";
import type { OwnerContext, Plan } from "./context";
import { keepRecord, makeRecord } from "./record";

/** OpenWhisk's words. */
const SUSPENDED = "The action was not invoked due to a blacklisted namespace.";

/**
 * Brings a run of a namespace that is blocked, or gone, to its record without running its code. What was begun before is
 * brought to its own end.
 */
export async function refuseSuspended(context: OwnerContext, plan: Plan): Promise<Activation> {
  const { activationId } = plan;
  const at = context.now();
  // Whoever has the start may run it: no invoker, to which an earlier owner may have sent it, does after this.
  const ours = !plan.accepted || (await context.store.starts.claim({ activationId, attempt: 0, invoker: context.instance, at }));
  return ours ? keepRecord(context, makeRecord(plan, { end: at, response: applicationError(SUSPENDED) })) : runAttempts(context, { ...plan, resumed: true });
}
