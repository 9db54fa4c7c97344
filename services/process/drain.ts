import { within } from "../core/within";

/** How long a stop waits for running work. Milliseconds. */
export const DRAIN_LIMIT = 60_000;

/** Whether the work came to its end within so many milliseconds. */
export async function withinLimit(work: Promise<unknown>, limit = DRAIN_LIMIT): Promise<boolean> {
  return (await within(work.then(() => true), limit)) ?? false;
}
