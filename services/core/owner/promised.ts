import { isFinal } from "../errors";
import type { AcceptedInvocation } from "../messages";
import { type Activation, internalError } from "../model/activation";
import { retriesOf } from "../model/retries";
import { attemptsMade } from "./attempts";
import type { OwnerContext, Plan } from "./context";
import { buryIfGivenUp } from "./deadLetters";
import { keepRecord, makeRecord } from "./record";
import { runPlan } from "./run";

/**
 * Brings accepted work to its record, and to the dead letters if it is given up. Rejects when it has to be tried again.
 *
 * @param message by which it would be accepted alone
 */
export async function runPromised(context: OwnerContext, plan: Plan, message: AcceptedInvocation): Promise<void> {
  await buryIfGivenUp(context, message, await recordOf(context, plan));
}

async function recordOf(context: OwnerContext, plan: Plan): Promise<Activation> {
  try {
    return await runPlan(context, plan);
  } catch (error) {
    // Lack of room is waited out: what is refused here can never run.
    if (!isFinal(error)) throw error;
    const attempts = retriesOf(plan.action.action.annotations) && (await attemptsMade(context, plan.activationId));
    return keepRecord(context, makeRecord(plan, { end: context.now(), response: internalError(error.message), attempts }));
  }
}
