import { accessAction } from "../entities/access";
import type { ResolvedAction } from "../entities/resolve";
import { isFinal, messageOf, WhiskError } from "../errors";
import { type ActivationId, derivedActivationId } from "../ids";
import { type Activation, type ActivationResponse, applicationError, internalError, success } from "../model/activation";
import type { SequenceExec } from "../model/entities";
import { MAX_SEQUENCE_LENGTH } from "../model/limits";
import { parseEntityPath } from "../model/names";
import { type Payload, valueOf } from "../model/parameters";
import { actionOfStep } from "./begun";
import type { OwnerContext, Plan } from "./context";
import { type Budget, durationOf, isFailure, keepDerived, memoryOf, recordOf, type Run } from "./derived";
import { makeRecord } from "./record";

const TOO_LONG = applicationError("Too many actions in the sequence.");

/**
 * Runs the actions of a sequence one after the other. The ids of the steps follow from the sequence's own,
 * so a sequence that is resumed finds what it had done and goes on where the records end.
 */
export async function runSequence(context: OwnerContext, plan: Plan, exec: SequenceExec, budget: Budget, depth: number, run: Run): Promise<Activation> {
  if (plan.resumed) {
    const record = await recordOf(context, plan, plan.activationId);
    if (record) return record;
  }
  const steps: Activation[] = [];
  let response = success(plan.payload);
  for (const [index, component] of exec.components.entries()) {
    if (budget.left <= 0 || depth >= MAX_SEQUENCE_LENGTH) {
      response = TOO_LONG;
      break;
    }
    const step = await runStep(context, plan, derivedActivationId(plan.activationId, index), component, asPayload(response), budget, depth, run);
    response = step.response;
    if ("activationId" in step) steps.push(step);
    if (isFailure(response)) break;
  }
  const limits = { ...plan.action.action.limits, memory: Math.max(...steps.map(memoryOf)) };
  const record = makeRecord(plan, {
    end: context.now(),
    response,
    logs: steps.map(({ activationId }) => activationId),
    duration: durationOf(steps),
    annotations: [{ key: "waitTime", value: 0 }, { key: "topmost", value: !plan.step }, ...(steps.length > 0 ? [{ key: "limits", value: limits }] : [])],
  });
  return keepDerived(context, plan, record);
}

/** A step of a blocking sequence cannot be refused: the sequence is under way, so it fails. Accepted work comes again. */
async function runStep(
  context: OwnerContext,
  sequence: Plan,
  activationId: ActivationId,
  component: string,
  payload: Payload,
  budget: Budget,
  depth: number,
  run: Run,
): Promise<Activation | { response: ActivationResponse }> {
  // What was done counts as it was, whatever has become of the action since.
  const done = sequence.resumed ? await recordOf(context, sequence, activationId) : undefined;
  if (done) {
    budget.left -= actionsOf(done);
    return done;
  }
  try {
    const action = await actionOfStep(context, sequence, activationId, () => componentOf(context, sequence, component));
    if (typeof action === "string") return { response: applicationError(action) };
    const plan: Plan = { ...sequence, activationId, action, payload, receivedAt: context.now(), cause: sequence.activationId, step: true };
    return await run(context, plan, budget, depth + 1);
  } catch (error) {
    if (isFinal(error) || (error instanceof WhiskError && !sequence.accepted)) return { response: internalError(`Sequence failed: ${error.message}`) };
    if (sequence.accepted) throw error;
    context.logger.error({ activationId, transactionId: sequence.transactionId, error: messageOf(error) }, "a step of a sequence failed");
    return { response: internalError("Sequence failed.") };
  }
}

/** A text where there is none. */
async function componentOf(context: OwnerContext, { identity }: Plan, component: string): Promise<ResolvedAction | string> {
  try {
    return await accessAction(context.entities, identity, parseEntityPath(component, identity.namespace));
  } catch (error) {
    if (isFinal(error)) return "Sequence component does not exist.";
    throw error;
  }
}

/** How many actions a step counts for: a composition for one, whatever it has run. */
function actionsOf({ annotations, logs }: Activation): number {
  return valueOf(annotations, "kind") === "sequence" && valueOf(annotations, "conductor") === undefined ? logs.length : 1;
}

function asPayload({ result }: ActivationResponse): Payload {
  return typeof result === "object" && result !== null ? result : {};
}
