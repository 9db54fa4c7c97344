import type { RunMessage } from "../messages";
import type { CodeExec } from "../model/entities";
import { keyOf } from "../model/names";
import { argumentsOf, environmentOf, isTruthy, type Parameter, type Payload, valueOf } from "../model/parameters";
import type { OwnerContext, Plan } from "./context";
import { originAnnotations } from "./record";

/** How much longer than its own limits an activation's key is good. Milliseconds. */
const KEY_MARGIN = 60_000;

/** One of the times that a run is tried. */
export interface Attempt {
  /** From 0. */
  number: number;
  /** Its outcome becomes the record, whatever it is. */
  last: boolean;
  /** The action asks for retries: its record tells how often it was tried. */
  told: boolean;
}

export const ONLY_ATTEMPT: Attempt = { number: 0, last: true, told: false };

/** How often it was tried with this attempt, as far as the record tells it. */
export const attemptsTold = ({ number, told }: Attempt): number | undefined => (told ? number + 1 : undefined);

/** What an invoker is told of an attempt at a run. */
export function runMessageOf(context: OwnerContext, plan: Plan, attempt: Attempt): RunMessage {
  const { action, ref } = plan.action;
  const { parameters, payload } = overridden(plan.action.parameters, plan.payload);
  const exec = action.exec as CodeExec;
  const withKey = isTruthy(valueOf(action.annotations, "provide-api-key"));
  return {
    activationId: plan.activationId,
    attempt: attempt.number,
    lastAttempt: attempt.last,
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
    args: argumentsOf(parameters, payload),
    env: environmentOf(parameters),
    accepted: plan.accepted,
    ref: plan.accepted && plan.step ? ref : undefined,
    cause: plan.cause,
    annotations: originAnnotations(plan, attemptsTold(attempt)),
    receivedAt: plan.receivedAt,
  };
}

/** What a caller sends for a parameter of the initialisation goes where that goes: into the environment. */
function overridden(parameters: readonly Parameter[], payload: Payload): { parameters: readonly Parameter[]; payload: Payload } {
  if (Array.isArray(payload) || !parameters.some(({ init, key }) => init && Object.hasOwn(payload, key))) return { parameters, payload };
  const rest = { ...payload };
  const sent = parameters.map((parameter) => {
    if (!parameter.init || !Object.hasOwn(payload, parameter.key)) return parameter;
    delete rest[parameter.key];
    return { ...parameter, value: payload[parameter.key]! };
  });
  return { parameters: sent, payload: rest };
}
