/** An amount of memory as people write it: `"2048 MB"`, `"2 GB"`. */
export type Size = `${number} ${"MB" | "GB"}`;

const MEGABYTES = { MB: 1, GB: 1024 } as const;

/**
 * An amount of memory in whole MB.
 *
 * @param value a {@link Size}, or a number of MB
 * @throws Error that says what was expected; it does not name the property, the caller does
 */
export function toMegabytes(value: unknown): number {
  const amount = typeof value === "number" ? value : parse(value);
  if (amount === undefined || !Number.isFinite(amount)) {
    throw new Error(`expected an amount of memory such as "2048 MB", "2 GB" or 2048 (MB), got ${JSON.stringify(value)}`);
  }
  if (!Number.isInteger(amount) || amount <= 0) throw new Error(`expected a positive whole number of MB, got ${JSON.stringify(value)}`);
  return amount;
}

function parse(value: unknown): number | undefined {
  // A plain number may be a string when it comes from a configuration file.
  const match = typeof value === "string" ? /^\s*(\d+(?:\.\d+)?)\s*(MB|GB)?\s*$/i.exec(value) : null;
  if (!match) return undefined;
  const unit = (match[2]?.toUpperCase() ?? "MB") as keyof typeof MEGABYTES;
  return Number(match[1]) * MEGABYTES[unit];
}
