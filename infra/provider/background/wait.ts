import { setTimeout as delay } from "node:timers/promises";

const INTERVAL = 25;

/**
 * Asks again and again until there is an answer.
 *
 * @param ask gives undefined for "not yet"; what it throws ends the wait
 * @param limit milliseconds
 * @param signal ends the wait with an error when the user cancels
 * @returns the answer, or undefined if there was none in time
 */
export async function until<T>(ask: () => Promise<T | undefined>, limit: number, signal: AbortSignal): Promise<T | undefined> {
  const deadline = performance.now() + limit;
  for (;;) {
    if (signal.aborted) throw new Error("cancelled");
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= deadline) return undefined;
    await delay(INTERVAL, undefined, { signal }).catch(() => undefined);
  }
}
