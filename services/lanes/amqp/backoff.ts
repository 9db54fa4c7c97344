/** Pauses between tries, in milliseconds. */
export interface BackoffRange {
  first: number;
  most: number;
}

/**
 * The pause after so many failures in a row (from 1): doubled each time up to the greatest, and jittered to between half
 * of that and all of it, so that processes which lost the broker together do not come back together.
 */
export function backoff({ first, most }: BackoffRange, failures: number, random: () => number = Math.random): number {
  return Math.min(first * 2 ** (failures - 1), most) * (0.5 + random() / 2);
}

/** Resolves after so many milliseconds, at once when it is aborted. Never rejects. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });
}
