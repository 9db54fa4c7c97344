import type { RunMessage } from "../core/messages";
import type { Activation, ActivationResponse } from "../core/model/activation";

/** When what happened. */
export interface Times {
  /** Start of /run, or of what failed before it. Milliseconds since 1970. */
  start: number;
  /** Milliseconds since 1970. */
  end: number;
  /** Milliseconds; absent when the container had the code. */
  initTime?: number;
}

/**
 * The record of a run, without its logs. As in OpenWhisk its start lies as far before that of /run as the initialisation
 * took, and what lies between the two, the claim of the start for example, is wait time.
 */
export function recordOf(message: RunMessage, times: Times, response: ActivationResponse, timedOut: boolean): Activation {
  const { action, invoker } = message;
  const { concurrency, logs, memory, timeout } = action.limits;
  const start = times.start - (times.initTime ?? 0);
  return {
    activationId: message.activationId,
    namespace: invoker.namespace,
    name: action.name,
    path: action.path,
    version: action.version,
    subject: invoker.subject,
    start,
    end: times.end,
    duration: times.end - start,
    response,
    logs: [],
    annotations: [
      { key: "path", value: action.path },
      { key: "waitTime", value: Math.max(0, start - message.receivedAt) },
      { key: "kind", value: action.kind },
      { key: "timeout", value: timedOut },
      { key: "limits", value: { concurrency, logs, memory, timeout } },
      ...(times.initTime === undefined ? [] : [{ key: "initTime", value: times.initTime }]),
      ...(message.annotations ?? []),
    ],
    cause: message.cause,
  };
}
