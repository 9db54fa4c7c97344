import { type ActivationResponse, applicationError, developerError, internalError, success } from "../core/model/activation";
import { SIZE_LIMITS } from "../core/model/limits";
import type { Json } from "../core/model/parameters";
import type { ImageFault } from "../core/ports/containers";
import type { GuardedReply } from "./memoryGuard";

/**
 * Texts that clients of OpenWhisk match on, from its `ErrorResponse.scala`.
 */
export const TEXT = {
  diedInInit: "The action did not initialize and exited unexpectedly.",
  diedInRun: "The action did not produce a valid response and exited unexpectedly.",
  memoryExhausted: "The action exhausted its memory and was aborted.",
  notProvisioned: "Failed to provision resources to run the action.",
  notPulled: (image: string) => `Failed to pull container image '${image}'.`,
  notFetched: "Action could not be fetched.",
  logsIncomplete: "There was an issue while collecting your logs. Data might be missing.",
  logsOfFailure: "The action did not initialize or run as expected. Log data might be missing.",
  logsTruncated: (bytes: number) => `Logs were truncated because the total bytes size exceeds the limit of ${bytes} bytes.`,
  timedOut: (limit: number, init: boolean) => `The action exceeded its time limits of ${limit} milliseconds${init ? " during initialization." : "."}`,
  invalidInit: (body: string) => `The action failed during initialization${body === "" ? "." : `: ${body}`}`,
  invalidRun: (body: string) => `The action did not produce a valid JSON or JSON Array response${body === "" ? "." : `: ${body}`}`,
  tooLong: (bytes: number, limit: number, start: string) =>
    `The action produced a response that exceeded the allowed length: ${bytes} > ${limit} bytes. The truncated response was: ${start}`,
};

/**
 * What a run is recorded as for which no container could be started, if that is for an image that its action names.
 *
 * @param timeout the action's limit, milliseconds
 */
export function imageFailure(image: string, fault: ImageFault, timeout: number): ActivationResponse {
  if (fault === "absent") return developerError(TEXT.notPulled(image));
  return developerError(fault === "silent" ? TEXT.timedOut(timeout, true) : TEXT.diedInInit);
}

/** Characters of a result that is too long which its error shows: all that may be kept would make the record too long. */
const SHOWN = 4096;

/**
 * What an initialisation that failed is recorded as. Undefined: it succeeded.
 *
 * @param timeout the action's limit, milliseconds
 */
export function initFailure(reply: GuardedReply, timeout: number): ActivationResponse | undefined {
  if (reply.kind === "timeout") return developerError(TEXT.timedOut(timeout, true));
  if (reply.kind === "exhausted") return developerError(TEXT.memoryExhausted);
  if (reply.kind === "closed") return developerError(TEXT.diedInInit);
  if (reply.kind === "unsent") return internalError(TEXT.notProvisioned);
  if (reply.truncated) return { ...developerError(tooLong(reply)), size: reply.bytes };
  if (reply.status === 200) return undefined;
  const answer = parse(reply.body);
  const error = isObject(answer) && "error" in answer ? answer.error! : TEXT.invalidInit(reply.body);
  return { ...developerError(error), size: reply.bytes };
}

/**
 * What a run is recorded as: 200 with an object is success, or an application error if it has a field `error`;
 * 200 with an array is success; everything else is an error of the action's developer.
 *
 * @param timeout the action's limit, milliseconds
 */
export function runOutcome(reply: GuardedReply, timeout: number): ActivationResponse {
  if (reply.kind === "timeout") return developerError(TEXT.timedOut(timeout, false));
  if (reply.kind === "exhausted") return developerError(TEXT.memoryExhausted);
  if (reply.kind === "closed") return developerError(TEXT.diedInRun);
  if (reply.kind === "unsent") return internalError(TEXT.notProvisioned);
  const size = reply.bytes;
  if (reply.truncated) return { ...applicationError(tooLong(reply)), size };
  const answer = parse(reply.body);
  if (isObject(answer)) {
    const failed = Object.hasOwn(answer, "error");
    if (reply.status === 200) return { ...(failed ? applicationError(answer.error!) : success(answer)), size };
    return { ...developerError(failed ? answer.error! : TEXT.invalidRun(reply.body)), size };
  }
  if (Array.isArray(answer) && reply.status === 200) return { ...success(answer), size };
  return { ...developerError(TEXT.invalidRun(reply.body)), size };
}

const tooLong = ({ bytes, body }: { bytes: number; body: string }) => TEXT.tooLong(bytes, SIZE_LIMITS.result, body.slice(0, SHOWN));

/** Undefined: it is not JSON. */
function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } => typeof value === "object" && value !== null && !Array.isArray(value);
