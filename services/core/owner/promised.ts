import { WhiskError } from "../errors";
import { internalError } from "../model/activation";
import type { OwnerContext, Plan } from "./context";
import { runPlan } from "./sequence";
import { makeRecord } from "./single";

/** Brings accepted work to its record. Rejects when it has to be tried again. */
export async function runPromised(context: OwnerContext, plan: Plan): Promise<void> {
  try {
    await runPlan(context, plan);
  } catch (error) {
    // Lack of room is waited out: what is refused here can never run.
    if (!(error instanceof WhiskError)) throw error;
    await context.store.activations.insert(makeRecord(plan, { end: context.now(), response: internalError(error.message) }));
  }
}
