import { RunLostError } from "../errors";
import type { Activation } from "../model/activation";
import { runAttempts } from "./attempts";
import type { OwnerContext, Plan } from "./context";
import { recordLost } from "./record";
import { ONLY_ATTEMPT, runMessageOf } from "./runMessage";
import { isSuspended, keepRefusal } from "./suspended";

/**
 * Runs one action that is code. The code runs at most once for each attempt: accepted work claims its start first,
 * and what was started and has no end when its invoker died counts as lost. Only accepted work is tried again.
 *
 * @returns the record, without logs
 * @throws WhiskError 429 or 503 when there is no room; for work that was not accepted only
 */
export async function runSingle(context: OwnerContext, plan: Plan): Promise<Activation> {
  const record = await (plan.accepted ? runAttempts(context, plan) : runOnce(context, plan));
  if (record.response.statusCode === 3) {
    context.logger.warn({ activationId: plan.activationId, transactionId: plan.transactionId }, "a run has failed by the platform's fault, not its action's");
  }
  return record;
}

async function runOnce(context: OwnerContext, plan: Plan): Promise<Activation> {
  const suspended = isSuspended(context, plan);
  // What is called often does not wait.
  if (suspended === true || (suspended && (await suspended))) return keepRefusal(context, plan);
  try {
    const completion = await context.lane.run(runMessageOf(context, plan, ONLY_ATTEMPT));
    if (completion.kind === "done") return completion.record;
    if (completion.kind === "suspended") return await keepRefusal(context, plan);
    throw new RunLostError("the run was refused as a duplicate");
  } catch (error) {
    if (!(error instanceof RunLostError)) throw error;
    context.logger.warn({ activationId: plan.activationId, transactionId: plan.transactionId, error: error.message }, "a run was lost");
    return recordLost(context, plan);
  }
}
