import { again } from "../again";
import { messageOf } from "../errors";
import { type Activation, type ActivationResponse, internalError } from "../model/activation";
import { keyOf } from "../model/names";
import type { KeyValue } from "../model/parameters";
import type { OwnerContext, Plan } from "./context";
import { lookingPauses } from "./poll";

export const LOST = "The run was lost: the process that ran the action ended before it reported an outcome.";

/** A record that the owner itself writes. */
export function makeRecord(
  plan: Plan,
  outcome: { end: number; response: ActivationResponse; kind?: string; logs?: string[]; annotations?: KeyValue[]; duration?: number; attempts?: number },
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
      { key: "kind", value: outcome.kind ?? action.exec.kind },
      ...(outcome.annotations ?? [{ key: "limits", value: { ...action.limits } }]),
      ...originAnnotations(plan, outcome.attempts),
    ],
    cause: plan.cause,
  };
}

/**
 * What the record says of how the action was reached.
 *
 * @param attempts how often it was tried, of an action that asks for retries
 */
export function originAnnotations(plan: Plan, attempts?: number): KeyValue[] {
  return [
    ...(plan.step ? [{ key: "causedBy", value: "sequence" }] : []),
    ...(plan.action.binding === undefined ? [] : [{ key: "binding", value: plan.action.binding }]),
    ...(attempts === undefined ? [] : [{ key: "attempts", value: attempts }]),
  ];
}

/** Keeps a record of the owner's. If another came first, that one is the answer. */
export async function keepRecord({ store }: OwnerContext, record: Activation): Promise<Activation> {
  if (await store.activations.insert(record)) return record;
  return (await store.activations.get(record.namespace, record.activationId)) ?? record;
}

/** The record of a run of which no more can be known. */
export const recordLost = (context: OwnerContext, plan: Plan, attempts?: number): Promise<Activation> =>
  keepRecord(context, makeRecord(plan, { end: context.now(), response: internalError(LOST), attempts }));

/** How often a record that nobody waits for is offered to a store that does not answer: for some two minutes. */
const OFFERS = 60;

/** Keeps a record that nobody waits for now: who was answered 202 asks for it later, so a store that is away is waited for. Never rejects. */
export async function recordLater(context: OwnerContext, record: Activation, transactionId: string): Promise<void> {
  const failed = (error: unknown, left: number) =>
    context.logger.error({ activationId: record.activationId, transactionId, error: messageOf(error), left }, "a record could not be stored");
  const stored = again(() => context.store.activations.insert(record), { pause: lookingPauses(context), tries: OFFERS, failed });
  // What ended it was told.
  await stored.catch(() => {});
}
