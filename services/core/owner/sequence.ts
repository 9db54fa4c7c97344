import { accessAction } from "../entities/access";
import type { ResolvedAction } from "../entities/resolve";
import { isFinal, messageOf, WhiskError } from "../errors";
import { type ActivationId, derivedActivationId } from "../ids";
import { type Activation, type ActivationResponse, applicationError, internalError, success } from "../model/activation";
import { isSequence, type SequenceExec } from "../model/entities";
import { type ActionLimits, MAX_SEQUENCE_LENGTH } from "../model/limits";
import { parseEntityPath } from "../model/names";
import { type Payload, valueOf } from "../model/parameters";
import type { OwnerContext, Plan } from "./context";
import { keepRecord, makeRecord } from "./record";
import { runSingle } from "./single";

/** What bounds sequences in sequences. */
interface Budget {
  /** Actions that may still run, for the outermost sequence. */
  left: number;
}

const TOO_LONG = applicationError("Too many actions in the sequence.");

/**
 * Runs an action, sequences included.
 *
 * @param depth sequences around it
 * @returns the record, without the logs of code
 * @throws WhiskError 429 or 503 as {@link runSingle}
 */
export function runPlan(context: OwnerContext, plan: Plan, budget: Budget = { left: MAX_SEQUENCE_LENGTH }, depth = 0): Promise<Activation> {
  if (isSequence(plan.action.action.exec)) return runSequence(context, plan, plan.action.action.exec, budget, depth);
  budget.left--;
  return runSingle(context, plan);
}

/**
 * Runs the actions of a sequence one after the other. The ids of the steps follow from the sequence's own,
 * so a sequence that is resumed finds what it had done and goes on where the records end.
 */
async function runSequence(context: OwnerContext, plan: Plan, exec: SequenceExec, budget: Budget, depth: number): Promise<Activation> {
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
    const step = await runStep(context, plan, derivedActivationId(plan.activationId, index), component, asPayload(response), budget, depth);
    response = step.response;
    if ("activationId" in step) steps.push(step);
    if (response.statusCode !== 0) break;
  }
  const limits = { ...plan.action.action.limits, memory: Math.max(...steps.map(memoryOf)) };
  const record = makeRecord(plan, {
    end: context.now(),
    response,
    logs: steps.map(({ activationId }) => activationId),
    duration: steps.reduce((sum, { duration = 0 }) => sum + duration, 0),
    annotations: [{ key: "topmost", value: !plan.step }, ...(steps.length > 0 ? [{ key: "limits", value: limits }] : [])],
  });
  return keep(context, plan, record);
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
): Promise<Activation | { response: ActivationResponse }> {
  // What was done counts as it was, whatever has become of the action since.
  const done = sequence.resumed ? await recordOf(context, sequence, activationId) : undefined;
  if (done) {
    budget.left -= valueOf(done.annotations, "kind") === "sequence" ? done.logs.length : 1;
    return done;
  }
  try {
    const action = await componentOf(context, sequence, component);
    if (!action) return { response: applicationError("Sequence component does not exist.") };
    const plan: Plan = { ...sequence, activationId, action, payload, receivedAt: context.now(), cause: sequence.activationId, step: true };
    return await runPlan(context, plan, budget, depth + 1);
  } catch (error) {
    if (isFinal(error) || (error instanceof WhiskError && !sequence.accepted)) return { response: internalError(`Sequence failed: ${error.message}`) };
    if (sequence.accepted) throw error;
    context.logger.error({ activationId, transactionId: sequence.transactionId, error: messageOf(error) }, "a step of a sequence failed");
    return { response: internalError("Sequence failed.") };
  }
}

async function componentOf(context: OwnerContext, { identity }: Plan, component: string): Promise<ResolvedAction | undefined> {
  try {
    return await accessAction(context.entities, identity, parseEntityPath(component, identity.namespace));
  } catch (error) {
    if (isFinal(error)) return undefined;
    throw error;
  }
}

const recordOf = ({ store }: OwnerContext, { identity }: Plan, id: ActivationId) => store.activations.get(identity.namespace, id);

/** MB that a step was given; of a sequence the most that one of its steps was. */
function memoryOf({ annotations }: Activation): number {
  const limits = valueOf(annotations, "limits") as Partial<ActionLimits> | undefined;
  return limits?.memory ?? 0;
}

/** Accepted work is recorded before anybody hears of it; of a blocking call the caller hears first. */
async function keep(context: OwnerContext, plan: Plan, record: Activation): Promise<Activation> {
  if (plan.accepted) return keepRecord(context, record);
  context.store.activations.insert(record).catch((error: unknown) => {
    context.logger.error({ activationId: record.activationId, transactionId: plan.transactionId, error: messageOf(error) }, "the record of a sequence was not stored");
  });
  return record;
}

function asPayload({ result }: ActivationResponse): Payload {
  return typeof result === "object" && result !== null ? result : {};
}

