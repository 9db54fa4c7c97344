import { Pool } from "undici";

/** What a load measured. Times in milliseconds. */
export interface Measured {
  /** Answers each second. */
  rate: number;
  p50: number;
  p99: number;
  count: number;
}

export interface Target {
  origin: string;
  /** Path, or one for each request in turn. */
  paths: string[];
  headers?: Record<string, string>;
  body: string;
}

/**
 * Sends requests over `connections` connections, each as soon as the one before it was answered.
 *
 * @param seconds how long; what is answered in the first fifth does not count
 * @throws when an answer is not 2xx
 */
export async function load(target: Target, { connections, seconds }: { connections: number; seconds: number }): Promise<Measured> {
  const pool = new Pool(target.origin, { connections, pipelining: 1 });
  const times: number[] = [];
  const begin = performance.now();
  const from = begin + (seconds * 1000) / 5;
  const until = begin + seconds * 1000;
  let next = 0;
  const headers = { "content-type": "application/json", ...target.headers };
  const loop = async () => {
    for (let start = performance.now(); start < until; start = performance.now()) {
      const path = target.paths[next++ % target.paths.length]!;
      const response = await pool.request({ method: "POST", path, headers, body: target.body });
      const text = await response.body.text();
      if (response.statusCode >= 300) throw new Error(`${path}: ${response.statusCode} ${text}`);
      if (start >= from) times.push(performance.now() - start);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, loop));
  } finally {
    await pool.destroy();
  }
  return { rate: times.length / ((performance.now() - from) / 1000), ...quantiles(times) };
}

export function quantiles(times: number[]): Omit<Measured, "rate"> {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), count: sorted.length };
}
