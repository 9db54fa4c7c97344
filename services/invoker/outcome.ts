import { type ActivationResponse, developerError } from "../core/model/activation";
import { SIZE_LIMITS } from "../core/model/limits";
import type { Json } from "../core/model/parameters";
import type { RuntimeAnswer } from "./containerClient";

/** What a run or an initialisation came to. */
export interface Outcome {
  response: ActivationResponse;
  timedOut: boolean;
  /** The container may serve the next run. */
  reusable: boolean;
}

/** Undefined: initialised. @param timeout milliseconds */
export function initOutcome(answer: RuntimeAnswer, timeout: number): Outcome | undefined {
  if (answer.kind === "answer" && answer.status === 200) return undefined;
  const response =
    answer.kind === "timeout"
      ? developerError(`The action exceeded its time limits of ${timeout} milliseconds during initialization.`)
      : answer.kind === "lost"
        ? developerError("The action did not initialize and exited unexpectedly.")
        : (errorOf(answer.text) ?? developerError(`The action failed during initialization${answer.text ? `: ${answer.text}` : "."}`));
  return { response, timedOut: answer.kind === "timeout", reusable: false };
}

/** @param timeout milliseconds */
export function runOutcome(answer: RuntimeAnswer, timeout: number): Outcome {
  if (answer.kind === "timeout") return { response: developerError(`The action exceeded its time limits of ${timeout} milliseconds.`), timedOut: true, reusable: false };
  if (answer.kind === "lost") return { response: developerError("The action did not produce a valid response and exited unexpectedly."), timedOut: false, reusable: false };
  const { status, text, bytes, truncated } = answer;
  if (truncated) {
    const message = `The action produced a response that exceeded the allowed length: ${bytes} > ${SIZE_LIMITS.result} bytes. The truncated response was: ${text.slice(0, SHOWN)}`;
    return { response: developerError(message), timedOut: false, reusable: true };
  }
  if (status !== 200) return { response: errorOf(text) ?? invalid(text), timedOut: false, reusable: false };
  const result = parse(text);
  if (typeof result !== "object" || result === null) return { response: invalid(text), timedOut: false, reusable: true };
  const failed = !Array.isArray(result) && "error" in result;
  return { response: { statusCode: failed ? 1 : 0, result, size: bytes }, timedOut: false, reusable: true };
}

/** Characters of a response that is no result that are shown. */
const SHOWN = 1024;

const invalid = (text: string) => developerError(`The action did not produce a valid JSON or JSON Array response${text ? `: ${text.slice(0, SHOWN)}` : "."}`);

function errorOf(text: string): ActivationResponse | undefined {
  const value = parse(text);
  return typeof value === "object" && value !== null && !Array.isArray(value) && value.error !== undefined ? developerError(value.error) : undefined;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
