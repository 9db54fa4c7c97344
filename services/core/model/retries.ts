import { badRequest } from "../errors";
import { type Json, type KeyValue, valueOf } from "./parameters";

/** What an action asks for with the annotation `retries`, for accepted work whose code fails. */
export interface Retries {
  /** Attempts after the first one. 0: none, but what fails becomes a dead letter. */
  max: number;
  /** Milliseconds before the second attempt; doubled for each further one. */
  delay: number;
  /** Milliseconds that a pause does not exceed. */
  maxDelay: number;
}

export const RETRIES = "retries";

export const RETRY_LIMITS = {
  max: { most: 10 },
  /** Milliseconds. */
  delay: { std: 1_000, most: 600_000 },
  /** Milliseconds. */
  maxDelay: { std: 60_000, most: 600_000 },
} as const;

/**
 * Reads the annotation's value: a number of retries, or `{max, delay?, maxDelay?}`.
 *
 * @throws WhiskError 400 that names the property and its range
 */
export function parseRetries(value: Json): Retries {
  if (typeof value === "number") return parseRetries({ max: value });
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed(`a whole number from 0 to ${RETRY_LIMITS.max.most}, or an object {"max": number, "delay": milliseconds, "maxDelay": milliseconds}`);
  }
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(RETRY_LIMITS, name));
  if (unknown !== undefined) throw badRequest(`The annotation '${RETRIES}' has no property '${unknown}': it may hold max, delay and maxDelay.`);
  const max = within(value, "max");
  if (max === undefined) throw malformed("an object with the property 'max', the number of attempts after the first one");
  const delay = within(value, "delay") ?? RETRY_LIMITS.delay.std;
  const maxDelay = within(value, "maxDelay") ?? Math.max(delay, RETRY_LIMITS.maxDelay.std);
  if (maxDelay < delay) throw badRequest(`In the annotation '${RETRIES}' maxDelay (${maxDelay} ms) is less than delay (${delay} ms).`);
  return { max, delay, maxDelay };
}

/** What an action asks for; undefined when it asks for nothing, or for what nobody understands. */
export function retriesOf(annotations: readonly KeyValue[]): Retries | undefined {
  const value = valueOf(annotations, RETRIES);
  if (value === undefined) return undefined;
  try {
    return parseRetries(value);
  } catch {
    return undefined;
  }
}

/** Milliseconds from the end of an attempt, counted from 0, to the next one. */
export const pauseAfter = ({ delay, maxDelay }: Retries, attempt: number): number => Math.min(delay * 2 ** attempt, maxDelay);

function within(value: { [key: string]: Json }, name: keyof Retries): number | undefined {
  const given = Object.hasOwn(value, name) ? value[name] : undefined;
  if (given === undefined) return undefined;
  const { most } = RETRY_LIMITS[name];
  if (typeof given === "number" && Number.isInteger(given) && given >= 0 && given <= most) return given;
  throw badRequest(`In the annotation '${RETRIES}' ${name} must be a whole number from 0 to ${most}${name === "max" ? "" : " milliseconds"}, not ${JSON.stringify(given)}.`);
}

const malformed = (expected: string) => badRequest(`The annotation '${RETRIES}' must be ${expected}.`);
