const SIZES: Record<string, number> = { B: 1 / (1024 * 1024), KB: 1 / 1024, K: 1 / 1024, MB: 1, M: 1, GB: 1024, G: 1024 };
const TIMES: Record<string, number> = { ms: 1, millisecond: 1, s: 1_000, second: 1_000, m: 60_000, minute: 60_000, h: 3_600_000, hour: 3_600_000, d: 86_400_000, day: 86_400_000 };

/** `"256 MB"`, `"1 GB"` in MB, as OpenWhisk's `runtimes.json` writes sizes. @throws Error */
export function megabytes(size: string): number {
  const [, number = "", unit = ""] = /^(\d+)\s*([A-Za-z]+)$/.exec(size) ?? [];
  const factor = SIZES[unit.toUpperCase()];
  if (factor === undefined) throw new Error(`the runtimes' manifest has the size ${JSON.stringify(size)}: expected one such as "256 MB"`);
  return Number(number) * factor;
}

/** `"2 minutes"`, `"30s"` in milliseconds, as OpenWhisk's `runtimes.json` writes times. @throws Error */
export function milliseconds(time: string): number {
  const [, number = "", unit = ""] = /^(\d+)\s*([a-z]+)$/.exec(time) ?? [];
  const factor = TIMES[unit] ?? (unit.length > 2 ? TIMES[unit.replace(/s$/, "")] : undefined);
  if (factor === undefined) throw new Error(`the runtimes' manifest has the time ${JSON.stringify(time)}: expected one such as "2 minutes"`);
  return Number(number) * factor;
}
