/** A length of time as people write it: `"30 seconds"`, `"10 minutes"`, `"1 hour"`, `"7 days"`. */
export type Duration = `${number} ${"second" | "seconds" | "minute" | "minutes" | "hour" | "hours" | "day" | "days"}`;

const SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;

/**
 * A length of time in whole seconds.
 *
 * @param value a {@link Duration}, or a number of seconds
 * @throws Error that says what was expected; it does not name the property, the caller does
 */
export function toSeconds(value: unknown): number {
  const amount = typeof value === "number" ? value : parse(value);
  if (amount === undefined || !Number.isFinite(amount)) {
    throw new Error(`expected a length of time such as "30 seconds", "10 minutes" or 600 (seconds), got ${JSON.stringify(value)}`);
  }
  if (!Number.isInteger(amount) || amount <= 0) throw new Error(`expected a positive whole number of seconds, got ${JSON.stringify(value)}`);
  return amount;
}

function parse(value: unknown): number | undefined {
  // A plain number may be a string when it comes from a configuration file.
  const match = typeof value === "string" ? /^\s*(\d+(?:\.\d+)?)\s*(?:(second|minute|hour|day)s?)?\s*$/i.exec(value) : null;
  if (!match) return undefined;
  const unit = (match[2]?.toLowerCase() ?? "second") as keyof typeof SECONDS;
  return Number(match[1]) * SECONDS[unit];
}
