import { setTimeout as delay } from "node:timers/promises";
import { ToolError } from "./errors";

const POLL_MS = 50;

/**
 * Asks until there is an answer.
 *
 * @param what is waited for, for the message
 * @param timeout milliseconds
 * @throws ToolError after that time
 */
export async function until<T>(what: string, timeout: number, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new ToolError(`Waited ${timeout / 1_000} s for ${what}, in vain.`);
    await delay(POLL_MS);
  }
}
