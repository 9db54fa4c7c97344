import type { ActivationId } from "../ids";
import type { Activation, ActivationResponse } from "../model/activation";
import { type ActionLimits, MAX_SEQUENCE_LENGTH } from "../model/limits";
import { valueOf } from "../model/parameters";
import type { OwnerContext, Plan } from "./context";
import { keepRecord, recordLater } from "./record";

/** What bounds an invocation that runs other actions. */
export interface Budget {
  /** Actions that may still run for the outermost sequence. */
  left: number;
  /** What the composition around it has run, with those in it and around it. */
  composition?: CompositionCounts;
}

/** Runs of the compositions of one invocation. */
export interface CompositionCounts {
  conductors: number;
  components: number;
}

export const newBudget = (composition?: CompositionCounts): Budget => ({ left: MAX_SEQUENCE_LENGTH, composition });

/**
 * Runs an action, whatever it is made of.
 *
 * @param depth sequences and compositions around it
 * @returns the record, without the logs of code
 */
export type Run = (context: OwnerContext, plan: Plan, budget?: Budget, depth?: number) => Promise<Activation>;

export const recordOf = ({ store }: OwnerContext, { identity }: Plan, id: ActivationId) => store.activations.get(identity.namespace, id);

/** MB that a run was given; of a sequence or composition the most that one of its runs was. */
export function memoryOf({ annotations }: Activation): number {
  const limits = valueOf(annotations, "limits") as Partial<ActionLimits> | undefined;
  return limits?.memory ?? 0;
}

/** Milliseconds that the runs themselves took, together. */
export const durationOf = (runs: readonly Activation[]): number => runs.reduce((sum, { duration = 0 }) => sum + duration, 0);

/** Keeps the record of a sequence or composition. Accepted work is recorded before anybody hears of it; of a blocking call the caller hears first. */
export async function keepDerived(context: OwnerContext, plan: Plan, record: Activation): Promise<Activation> {
  if (plan.accepted) return keepRecord(context, record);
  void recordLater(context, record, plan.transactionId);
  return record;
}

/** Whether a result tells of a failure: those of compositions may, though their status is success. */
export function isFailure({ statusCode, result }: ActivationResponse): boolean {
  return statusCode !== 0 || (typeof result === "object" && result !== null && !Array.isArray(result) && Object.hasOwn(result, "error"));
}
