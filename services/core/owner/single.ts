import { RunLostError, WhiskError } from "../errors";
import type { RunMessage } from "../messages";
import { type Activation, type ActivationResponse, internalError } from "../model/activation";
import { type CodeExec } from "../model/entities";
import { keyOf } from "../model/names";
import { argumentsOf, environmentOf, isTruthy, type KeyValue, valueOf } from "../model/parameters";
import type { OwnerContext, Plan } from "./context";

/** How often to look for the record of a run that another invoker has in hand. Milliseconds. */
const RECORD_POLL = 250;
/** How long to wait before offering accepted work again that was not taken. Milliseconds. */
const OFFER_PAUSE = 500;
/** How much longer than its own limits an activation's key is good. Milliseconds. */
const KEY_MARGIN = 60_000;

const LOST = "The run was lost: the process that ran the action ended before it reported an outcome.";

/**
 * Runs one action that is code. The code runs at most once: accepted work claims its start first,
 * and what was started and not recorded when its invoker died is recorded as an internal error.
 *
 * @returns the record, without logs
 * @throws WhiskError 429 or 503 when there is no room; for work that was not accepted only
 */
export async function runSingle(context: OwnerContext, plan: Plan): Promise<Activation> {
  return plan.accepted ? runAccepted(context, plan) : runOnce(context, plan);
}

async function runOnce(context: OwnerContext, plan: Plan): Promise<Activation> {
  try {
    const completion = await context.lane.run(messageOf(context, plan));
    if (completion.kind === "done") return completion.record;
    throw new RunLostError("the run was refused as a duplicate");
  } catch (error) {
    if (!(error instanceof RunLostError)) throw error;
    context.logger.warn({ activationId: plan.activationId, error: error.message }, "a run was lost");
    return recordLost(context, plan);
  }
}

async function runAccepted(context: OwnerContext, plan: Plan): Promise<Activation> {
  const before = plan.resumed ? await outcomeElsewhere(context, plan) : undefined;
  if (before) return before;
  for (;;) {
    const record = (await offer(context, plan)) ?? (await outcomeElsewhere(context, plan));
    if (record) return record;
    await context.sleep(OFFER_PAUSE);
  }
}

/** The record; undefined when the run was not taken, or it is not known what became of it. */
async function offer(context: OwnerContext, plan: Plan): Promise<Activation | undefined> {
  try {
    const completion = await context.lane.run(messageOf(context, plan));
    return completion.kind === "done" ? completion.record : undefined;
  } catch (error) {
    const noRoom = error instanceof WhiskError && [429, 503].includes(error.status);
    if (noRoom || error instanceof RunLostError) return undefined;
    throw error;
  }
}

/** The record of a run that some invoker has begun, once it is there; undefined when none has. */
async function outcomeElsewhere(context: OwnerContext, plan: Plan): Promise<Activation | undefined> {
  const { store, liveness } = context;
  for (;;) {
    const record = await store.activations.get(plan.identity.namespace, plan.activationId);
    if (record) return record;
    const start = await store.starts.get(plan.activationId, 0);
    if (!start) return undefined;
    if (!(await liveness.isAlive(start.invoker))) return recordLost(context, plan);
    await context.sleep(RECORD_POLL);
  }
}

/** The record of a run of which no more can be known. If its own record came first, that one. */
async function recordLost(context: OwnerContext, plan: Plan): Promise<Activation> {
  const record = makeRecord(plan, { end: context.now(), response: internalError(LOST) });
  if (await context.store.activations.insert(record)) return record;
  return (await context.store.activations.get(plan.identity.namespace, plan.activationId)) ?? record;
}

/** A record that the owner itself writes. */
export function makeRecord(
  plan: Plan,
  outcome: { end: number; response: ActivationResponse; logs?: string[]; annotations?: KeyValue[]; duration?: number },
): Activation {
  const { action } = plan.action;
  return {
    activationId: plan.activationId,
    namespace: plan.identity.namespace,
    name: action.name,
    path: keyOf(action),
    version: action.version,
    subject: plan.identity.subject,
    start: plan.receivedAt,
    end: outcome.end,
    duration: outcome.duration ?? outcome.end - plan.receivedAt,
    response: outcome.response,
    logs: outcome.logs ?? [],
    annotations: [
      { key: "path", value: keyOf(action) },
      { key: "kind", value: action.exec.kind },
      ...(outcome.annotations ?? [{ key: "limits", value: { ...action.limits } }]),
      ...originAnnotations(plan),
    ],
    cause: plan.cause,
  };
}

/** What the record says of how the action was reached. */
export function originAnnotations(plan: Plan): KeyValue[] {
  return [
    ...(plan.step ? [{ key: "causedBy", value: "sequence" }] : []),
    ...(plan.action.binding === undefined ? [] : [{ key: "binding", value: plan.action.binding }]),
  ];
}

function messageOf(context: OwnerContext, plan: Plan): RunMessage {
  const { action, parameters, ref } = plan.action;
  const exec = action.exec as CodeExec;
  const withKey = isTruthy(valueOf(action.annotations, "provide-api-key"));
  return {
    activationId: plan.activationId,
    attempt: 0,
    lastAttempt: true,
    transactionId: plan.transactionId,
    invoker: plan.identity,
    apiKey: withKey ? context.apiKey(plan.identity, plan.activationId, context.now() + 2 * action.limits.timeout + KEY_MARGIN) : undefined,
    action: {
      ...ref.action,
      path: keyOf(action),
      name: action.name,
      version: action.version,
      kind: exec.kind,
      codeSha: exec.codeSha,
      binary: exec.binary,
      main: exec.main,
      image: exec.image,
      limits: action.limits,
    },
    args: argumentsOf(parameters, plan.payload),
    env: environmentOf(parameters),
    accepted: plan.accepted,
    cause: plan.cause,
    annotations: originAnnotations(plan),
    receivedAt: plan.receivedAt,
  };
}
