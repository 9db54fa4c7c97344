import type { Activation } from "../model/activation";
import { isConductor, isSequence } from "../model/entities";
import { runComposition } from "./composition";
import type { OwnerContext, Plan } from "./context";
import { type Budget, newBudget } from "./derived";
import { runSequence } from "./sequence";
import { runSingle } from "./single";

/**
 * Runs an action, whatever it is made of.
 *
 * @param depth sequences and compositions around it
 * @returns the record, without the logs of code
 * @throws WhiskError 429 or 503 as {@link runSingle}
 */
export function runPlan(context: OwnerContext, plan: Plan, budget: Budget = newBudget(), depth = 0): Promise<Activation> {
  const { action } = plan.action;
  if (isSequence(action.exec)) return runSequence(context, plan, action.exec, budget, depth, runPlan);
  budget.left--;
  return isConductor(action) ? runComposition(context, plan, budget, depth, runPlan) : runSingle(context, plan);
}
