/** How long a stop waits for running work. Milliseconds. */
export const DRAIN_LIMIT = 60_000;

/** Whether the work came to its end within so many milliseconds. */
export async function withinLimit(work: Promise<unknown>, limit = DRAIN_LIMIT): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), limit)));
  const inTime = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
