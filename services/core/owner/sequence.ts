import { resolveAction, type ResolvedAction } from "../entities/resolve";
import { messageOf, WhiskError } from "../errors";
import { derivedActivationId } from "../ids";
import { type Activation, type ActivationResponse, applicationError, internalError, success } from "../model/activation";
import { isSequence, type SequenceExec } from "../model/entities";
import { MAX_SEQUENCE_LENGTH } from "../model/limits";
import { parseEntityPath } from "../model/names";
import type { Payload } from "../model/parameters";
import type { OwnerContext, Plan } from "./context";
import { makeRecord, runSingle } from "./single";

/** Actions run so far for the outermost sequence: what bounds nested ones. */
interface Budget {
  left: number;
}

/**
 * Runs an action, sequences included.
 *
 * @returns the record, without the logs of code
 * @throws WhiskError 429 or 503 as {@link runSingle}
 */
export function runPlan(context: OwnerContext, plan: Plan, budget: Budget = { left: MAX_SEQUENCE_LENGTH }): Promise<Activation> {
  if (isSequence(plan.action.action.exec)) return runSequence(context, plan, plan.action.action.exec, budget);
  budget.left--;
  return runSingle(context, plan);
}

/**
 * Runs the actions of a sequence one after the other. The ids of the steps follow from the sequence's own,
 * so a sequence that is resumed finds what it had done and goes on where the records end.
 */
async function runSequence(context: OwnerContext, plan: Plan, exec: SequenceExec, budget: Budget): Promise<Activation> {
  if (plan.resumed) {
    const record = await context.store.activations.get(plan.identity.namespace, plan.activationId);
    if (record) return record;
  }
  const steps: Activation[] = [];
  let response = success(plan.payload);
  let memory = 0;
  for (const [index, component] of exec.components.entries()) {
    const id = derivedActivationId(plan.activationId, index);
    if (budget.left <= 0) {
      response = applicationError("Too many actions in the sequence.");
      break;
    }
    const action = await componentOf(context, plan, component);
    if (!action) {
      response = applicationError("Sequence component does not exist.");
      break;
    }
    const step = await runStep(context, { ...plan, activationId: id, action, payload: asPayload(response), cause: plan.activationId, step: true }, budget);
    memory = Math.max(memory, action.action.limits.memory);
    response = step.response;
    if ("activationId" in step) steps.push(step);
    if (response.statusCode !== 0) break;
  }
  const limits = { ...plan.action.action.limits, memory };
  const record = makeRecord(plan, {
    end: context.now(),
    response,
    logs: steps.map(({ activationId }) => activationId),
    duration: steps.reduce((sum, { duration = 0 }) => sum + duration, 0),
    annotations: [{ key: "topmost", value: !plan.step }, ...(steps.length > 0 ? [{ key: "limits", value: limits }] : [])],
  });
  return keep(context, plan, record);
}

/** A step cannot be refused for lack of room: the sequence is under way, so it fails. */
async function runStep(context: OwnerContext, plan: Plan, budget: Budget): Promise<Activation | { response: ActivationResponse }> {
  try {
    return await runPlan(context, plan, budget);
  } catch (error) {
    if (!(error instanceof WhiskError)) context.logger.error({ activationId: plan.activationId, error: messageOf(error) }, "a step of a sequence failed");
    return { response: internalError(error instanceof WhiskError ? `Sequence failed: ${error.message}` : "Sequence failed.") };
  }
}

async function componentOf(context: OwnerContext, plan: Plan, component: string): Promise<ResolvedAction | undefined> {
  try {
    return await resolveAction(context.entities, parseEntityPath(component, plan.identity.namespace));
  } catch (error) {
    if (error instanceof WhiskError) return undefined;
    throw error;
  }
}

/** Accepted work is recorded before anybody hears of it; of a blocking call the caller hears first. */
async function keep(context: OwnerContext, plan: Plan, record: Activation): Promise<Activation> {
  const inserted = context.store.activations.insert(record);
  if (!plan.accepted) {
    inserted.catch((error: unknown) => context.logger.error({ activationId: record.activationId, error: messageOf(error) }, "the record of a sequence was not stored"));
    return record;
  }
  if (await inserted) return record;
  return (await context.store.activations.get(record.namespace, record.activationId)) ?? record;
}

function asPayload({ result }: ActivationResponse): Payload {
  return typeof result === "object" && result !== null ? result : {};
}

