/** Limits of an action: what people write, and the numbers that the API takes. */
import type { PropertyDescription } from "../description";
import { UNKNOWN, type CheckFailure, type Properties } from "../resource";

/** Milliseconds, MB, MB, and how many run at once in one container: what the API has where nothing is given. */
export const DEFAULT_LIMITS = { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 };

export const limitsProperty: PropertyDescription = {
  input: "optional",
  present: true,
  description: "What one run may use.",
  type: {
    object: {
      timeout: { type: { oneOf: ["integer", "string"] }, input: "optional", default: "60 seconds", description: "The longest that a run may take: milliseconds, or text such as `30 seconds` or `5 minutes`." },
      memory: { type: { oneOf: ["integer", "string"] }, input: "optional", default: "256 MB", description: "MB, or text such as `512 MB`." },
      logs: { type: { oneOf: ["integer", "string"] }, input: "optional", default: "10 MB", description: "How much a run may log: MB, or text such as `1 MB`." },
      concurrency: { type: "integer", input: "optional", default: 1, description: "How many runs one container takes at once." },
    },
  },
};

const MILLISECONDS: Record<string, number> = { millisecond: 1, ms: 1, second: 1000, s: 1000, minute: 60_000, min: 60_000, hour: 3_600_000 };
const MEGABYTES: Record<string, number> = { mb: 1, gb: 1024 };

/** Fills the defaults in and turns text into numbers. */
export function checkLimits(inputs: Properties): CheckFailure[] {
  if (inputs.limits === UNKNOWN) return [];
  const failures: CheckFailure[] = [];
  const given = (inputs.limits ?? {}) as Properties;
  const limits: Properties = { ...DEFAULT_LIMITS };
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const number = typeof value === "string" ? parse(value, key === "timeout" ? MILLISECONDS : MEGABYTES) : value;
    if (number === UNKNOWN || (Number.isInteger(number) && (number as number) >= (key === "logs" ? 0 : 1))) limits[key] = number;
    else failures.push({ property: `limits.${key}`, reason: `must be ${key === "timeout" ? 'milliseconds or a duration such as "30 seconds"' : key === "concurrency" ? "a number of runs" : 'a number of MB or a size such as "256 MB"'}, not ${JSON.stringify(value)}` });
  }
  inputs.limits = limits;
  return failures;
}

function parse(text: string, units: Record<string, number>): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  if (!match) return undefined;
  const unit = match[2]!.toLowerCase();
  const factor = unit === "" ? 1 : (units[unit] ?? units[unit.replace(/s$/, "")]);
  return factor === undefined ? undefined : Math.round(Number(match[1]) * factor);
}
