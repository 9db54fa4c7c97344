import { badRequest, WhiskError } from "../errors";
import type { Identity } from "./entities";
import { ACTION_LIMITS, type ActionLimits, SIZE_LIMITS } from "./limits";

/** What one namespace may ask of the whole platform. Infinity: as much as it likes. */
export interface RateLimits {
  /** Invocations under way at the same time. */
  concurrentInvocations: number;
  /** Invocations, blocking or accepted, in a minute; those by rules too. */
  invocationsPerMinute: number;
  /** Trigger fires in a minute. */
  firesPerMinute: number;
}

/** What one namespace may ask of the platform, and what its actions may be. Names and units are OpenWhisk's. */
export interface NamespaceLimits extends RateLimits {
  /** Kinds that its actions may have; undefined: all. */
  allowedKinds?: readonly string[];
  /** False: its activations are shown to nobody. */
  storeActivations?: boolean;
  /** MB. */
  minActionMemory: number;
  maxActionMemory: number;
  /** Milliseconds. */
  minActionTimeout: number;
  maxActionTimeout: number;
  /** MB. */
  minActionLogs: number;
  maxActionLogs: number;
  minActionConcurrency: number;
  maxActionConcurrency: number;
  /** Bytes of all parameters of an entity. */
  maxParameterSize: number;
  /** Bytes of the body of an invocation or of a trigger fire. */
  maxPayloadSize: number;
}

/** Limits of a namespace that are its own. */
export type OwnLimits = { -readonly [L in keyof NamespaceLimits]?: NamespaceLimits[L] };

export const UNLIMITED: RateLimits = { concurrentInvocations: Infinity, invocationsPerMinute: Infinity, firesPerMinute: Infinity };

const MOST: Omit<NamespaceLimits, keyof RateLimits> = {
  minActionMemory: ACTION_LIMITS.memory.min,
  maxActionMemory: ACTION_LIMITS.memory.max,
  minActionTimeout: ACTION_LIMITS.timeout.min,
  maxActionTimeout: ACTION_LIMITS.timeout.max,
  minActionLogs: ACTION_LIMITS.logs.min,
  maxActionLogs: ACTION_LIMITS.logs.max,
  minActionConcurrency: ACTION_LIMITS.concurrency.min,
  maxActionConcurrency: ACTION_LIMITS.concurrency.max,
  maxParameterSize: SIZE_LIMITS.parameters,
  maxPayloadSize: SIZE_LIMITS.parameters,
};

/** The limits that hold for a namespace. What it has of its own may be narrower than the platform's, never wider. */
export function effectiveLimits(defaults: RateLimits, own: OwnLimits = {}): NamespaceLimits {
  const limits: NamespaceLimits = { ...defaults, ...MOST, ...own };
  for (const [name, bound] of Object.entries(MOST) as [keyof typeof MOST, number][]) {
    const value = limits[name] as number;
    (limits as unknown as Record<string, number>)[name] = name.startsWith("min") ? Math.max(bound, value) : Math.min(bound, value);
  }
  return limits;
}

/** OpenWhisk's clients read a 32 bit number: this one stands for no limit. */
const NO_LIMIT = 2 ** 31 - 1;

/** The shape in which `GET /namespaces/_/limits` shows them. Sizes are text with their unit, as in OpenWhisk. */
export function limitsView(limits: NamespaceLimits): Record<string, unknown> {
  const { maxPayloadSize: _, maxParameterSize, ...shown } = limits;
  const finite = Object.entries(shown).map(([name, value]) => [name, value === Infinity ? NO_LIMIT : value]);
  const view = Object.fromEntries(finite) as Record<string, unknown>;
  return { ...view, maxParameterSize: `${maxParameterSize} B`, maxActionInstances: view.concurrentInvocations };
}

/**
 * Whether a namespace may have an action with these limits: those that were given, before defaults are filled in.
 *
 * @throws WhiskError 400 that names the limit and what is allowed
 */
export function checkOwnActionLimits(limits: NamespaceLimits, given: (Partial<ActionLimits> & { instances?: number }) | undefined): void {
  const ranges: Record<keyof ActionLimits, [min: number, max: number]> = {
    memory: [limits.minActionMemory, limits.maxActionMemory],
    timeout: [limits.minActionTimeout, limits.maxActionTimeout],
    logs: [limits.minActionLogs, limits.maxActionLogs],
    concurrency: [limits.minActionConcurrency, limits.maxActionConcurrency],
  };
  for (const [name, [min, max]] of Object.entries(ranges) as [keyof ActionLimits, [number, number]][]) {
    const value = given?.[name];
    if (typeof value !== "number") continue;
    const { field, unit } = ACTION_LIMITS[name];
    if (value > max) throw badRequest(`${field} ${value}${unit} exceeds allowed threshold of ${max}${unit}`);
    if (value < min) throw badRequest(`${field} ${value}${unit} below allowed threshold of ${min}${unit}`);
  }
  const { concurrentInvocations } = limits;
  if ((given?.instances ?? 0) > concurrentInvocations) throw badRequest(`Max action instance concurrency must not exceed your namespace concurrency of ${concurrentInvocations}.`);
}

/** @throws WhiskError 403 when the namespace may not have actions of this kind */
export function checkKind({ allowedKinds }: NamespaceLimits, kind: string): void {
  // An empty list allows everything, as in OpenWhisk.
  if (!allowedKinds || allowedKinds.length === 0 || allowedKinds.includes(kind)) return;
  throw new WhiskError(403, `The supplied authentication is not authorized to access actions of kind '${kind}'.`);
}

/** Tells the limits of whoever calls; without a look at the store for somebody who has just been identified. */
export type LimitsOf = (identity: Pick<Identity, "namespace">) => NamespaceLimits;
