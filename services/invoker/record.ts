import type { RunMessage } from "../core/messages";
import { type Activation, type ActivationResponse, internalError } from "../core/model/activation";

/** When what happened. Milliseconds since 1970. */
export interface Times {
  /** Start of the initialisation, or of the run if there was none. */
  start: number;
  end: number;
  /** Milliseconds; absent when the container had the code. */
  initTime?: number;
}

/** The record of a run, without its logs. */
export function recordOf(message: RunMessage, times: Times, response: ActivationResponse, timedOut: boolean): Activation {
  const { action, invoker } = message;
  return {
    activationId: message.activationId,
    namespace: invoker.namespace,
    name: action.name,
    path: action.path,
    version: action.version,
    subject: invoker.subject,
    start: times.start,
    end: times.end,
    duration: times.end - times.start,
    response,
    logs: [],
    annotations: [
      { key: "limits", value: { ...action.limits } },
      { key: "path", value: action.path },
      { key: "kind", value: action.kind },
      { key: "timeout", value: timedOut },
      ...(times.initTime === undefined ? [] : [{ key: "initTime", value: times.initTime }]),
      { key: "waitTime", value: Math.max(0, times.start - message.receivedAt) },
      ...(message.annotations ?? []),
    ],
    cause: message.cause,
  };
}

/** The platform failed, not the action. */
export function failureOf(message: RunMessage, now: number, reason: string): Activation {
  return recordOf(message, { start: now, end: now }, internalError(reason), false);
}
