import { badRequest } from "../errors";

/** What one action may use. */
export interface ActionLimits {
  /** Milliseconds that one run may take. */
  timeout: number;
  /** MB of memory of its container. */
  memory: number;
  /** MB of logs kept of one run. */
  logs: number;
  /** Runs that one container may work on at a time. */
  concurrency: number;
}

/** The limits of an action, with what only some have. */
export interface EntityLimits extends ActionLimits {
  /** Containers that may run it at a time: fewer than its namespace may have. */
  instances?: number;
}

interface Range {
  min: number;
  std: number;
  max: number;
  /** As it stands in messages. */
  field: string;
  unit: string;
}

/** OpenWhisk's defaults and bounds. */
export const ACTION_LIMITS: Readonly<Record<keyof ActionLimits, Range>> = {
  timeout: { min: 100, std: 60_000, max: 300_000, field: "duration", unit: " milliseconds" },
  memory: { min: 128, std: 256, max: 512, field: "memory size", unit: " MB" },
  logs: { min: 0, std: 10, max: 10, field: "log size", unit: " MB" },
  concurrency: { min: 1, std: 1, max: 500, field: "concurrency", unit: "" },
};

export const DEFAULT_ACTION_LIMITS: ActionLimits = {
  timeout: ACTION_LIMITS.timeout.std,
  memory: ACTION_LIMITS.memory.std,
  logs: ACTION_LIMITS.logs.std,
  concurrency: ACTION_LIMITS.concurrency.std,
};

/** Bytes. */
export const SIZE_LIMITS = {
  /** Code of an action, as it is sent (base64 if binary). */
  code: 48 * 1024 * 1024,
  /** All parameters of an entity, or the payload of an invocation. */
  parameters: 1024 * 1024,
  /** Result of a run, as JSON. */
  result: 1024 * 1024,
} as const;

/** A blocking call that takes longer is answered 202. Milliseconds. */
export const MAX_BLOCKING_WAIT = 60_000;

/** Actions of one sequence, counted through nested ones. */
export const MAX_SEQUENCE_LENGTH = 50;

/** In the order in which they are checked. */
const CHECKED: readonly (keyof ActionLimits)[] = ["memory", "timeout", "logs", "concurrency"];

/**
 * Fills in defaults.
 *
 * @throws WhiskError 400 that names the limit and its range
 */
export function checkActionLimits(given: Partial<EntityLimits> | undefined, base: EntityLimits = DEFAULT_ACTION_LIMITS): EntityLimits {
  const limits = { ...base };
  for (const name of CHECKED) {
    const value = given?.[name];
    if (value === undefined || value === null) continue;
    const { min, max, field, unit } = ACTION_LIMITS[name];
    if (!Number.isInteger(value)) throw badRequest(`The limit '${name}' must be a whole number${unit && ` of${unit}`}.`);
    if (value > max) throw badRequest(`${field} ${value}${unit} exceeds allowed threshold of ${max}${unit}`);
    if (value < min) throw badRequest(`${field} ${value}${unit} below allowed threshold of ${min}${unit}`);
    limits[name] = value;
  }
  const instances = given?.instances;
  if (instances === undefined || instances === null) return limits;
  if (!Number.isInteger(instances) || instances < 0) throw badRequest("Action container concurrency must be greater than or equal to 0.");
  return { ...limits, instances };
}
