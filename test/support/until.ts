const POLL = 20;

/**
 * Waits for a condition: until `probe` gives something that is neither undefined nor false.
 *
 * @param limit milliseconds
 * @throws when it takes longer, saying what was waited for
 */
export async function until<T>(what: string, probe: () => T | undefined | false | Promise<T | undefined | false>, limit = 30_000): Promise<T> {
  const deadline = Date.now() + limit;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited ${limit} ms, but not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
}
