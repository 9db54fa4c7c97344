/** A time in milliseconds since 1970 as the clock on the wall here shows it: `2026-07-01 09:05:00`. */
export function localTime(ms: number): string {
  const t = new Date(ms);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())} ${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
}

/** A length of time in milliseconds in the notation of Go, which the official CLI prints: `3ms`, `1.25s`, `1m30s`. */
export function durationText(ms: number): string {
  if (ms === 0) return "0s";
  if (Math.abs(ms) < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = (ms % 60_000) / 1000;
  return `${hours ? `${hours}h` : ""}${hours || minutes ? `${minutes}m` : ""}${seconds}s`;
}
