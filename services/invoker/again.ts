/** Pause before something is offered to the store again: doubles from the first to the second. Milliseconds. */
const PAUSE = { first: 100, most: 5_000 };

/** Does it however often that takes. @param failed told of each failure; what is thrown there ends it */
export async function again<T>(work: (attempt: number) => Promise<T>, failed: (error: unknown) => void): Promise<T> {
  for (let attempt = 1, pause = PAUSE.first; ; attempt++, pause = Math.min(2 * pause, PAUSE.most)) {
    try {
      return await work(attempt);
    } catch (error) {
      failed(error);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
