/** Limits of a namespace: what people write, and the numbers that the admin API takes. */
import type { PropertyDescription } from "../description";
import { UNKNOWN, type CheckFailure, type Properties } from "../resource";

const number = (description: string): PropertyDescription => ({ type: "integer", input: "optional", description });
const size = (description: string): PropertyDescription => ({ type: { oneOf: ["integer", "string"] }, input: "optional", description: `${description}: bytes, or text such as \`512 KB\`.` });

export const ownLimitsProperty: PropertyDescription = {
  input: "optional",
  description: "What it may ask of the platform, and what its actions may be. What is left out is as the platform has it for all.",
  type: {
    object: {
      concurrentInvocations: number("Invocations at the same time."),
      invocationsPerMinute: number("Invocations in a minute."),
      firesPerMinute: number("Fires of triggers in a minute."),
      allowedKinds: { type: { list: "string" }, input: "optional", description: "Kinds that its actions may have. Default: all." },
      storeActivations: { type: "boolean", input: "optional", description: "False: its activations cannot be looked at." },
      minActionMemory: number("MB that an action must have at least."),
      maxActionMemory: number("MB that an action may have at most."),
      minActionTimeout: number("Milliseconds that an action must be given at least."),
      maxActionTimeout: number("Milliseconds that an action may be given at most."),
      minActionLogs: number("MB of logs that an action must be given at least."),
      maxActionLogs: number("MB of logs that an action may be given at most."),
      minActionConcurrency: number("Runs at once in one container that an action must allow at least."),
      maxActionConcurrency: number("Runs at once in one container that an action may allow at most."),
      maxParameterSize: size("Parameters of an entity together"),
      maxPayloadSize: size("The body of an invocation or a fire"),
    },
  },
};

const SIZES = ["maxParameterSize", "maxPayloadSize"];

/** Turns text into numbers, and names what cannot be. */
export function checkOwnLimits(inputs: Properties): CheckFailure[] {
  if (inputs.limits === undefined || inputs.limits === UNKNOWN) return [];
  const failures: CheckFailure[] = [];
  const limits: Properties = {};
  for (const [name, given] of Object.entries(inputs.limits as Properties)) {
    if (given === undefined || given === null) continue;
    const value = typeof given === "string" && SIZES.includes(name) ? bytesOf(given) : given;
    if (typeof value === "number" ? value >= 0 : value !== undefined) limits[name] = value;
    else failures.push({ property: `limits.${name}`, reason: `must be ${SIZES.includes(name) ? 'a number of bytes or a size such as "512 KB"' : "0 or more"}, not ${JSON.stringify(given)}` });
  }
  inputs.limits = limits;
  return failures;
}

function bytesOf(text: string): number | undefined {
  const match = /^\s*(\d{1,9})\s*([KMG]?)B?\s*$/i.exec(text);
  return match ? Number(match[1]) * 1024 ** ["", "K", "M", "G"].indexOf(match[2]!.toUpperCase()) : undefined;
}
