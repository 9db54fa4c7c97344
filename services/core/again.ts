/** Between two tries: doubled from the first to the longest. Milliseconds. */
export interface Pauses {
  first: number;
  longest: number;
}

/** @returns what is to be called for each pause */
export function pauses({ first, longest }: Pauses, sleep: (milliseconds: number) => Promise<unknown>): () => Promise<void> {
  let next = first;
  return async () => {
    const pause = next;
    next = Math.min(2 * next, longest);
    await sleep(pause);
  };
}

export interface AgainOptions {
  pause(): Promise<unknown>;
  /** At most so many tries. @default no bound */
  tries?: number;
  /** Told of each failure, and how many tries are left; what is thrown there ends it. */
  failed(error: unknown, left: number): void;
}

/**
 * Does it as often as it takes.
 *
 * @param work gets the number of the try, from 1
 * @throws the failure after which no try is left
 */
export async function again<T>(work: (attempt: number) => Promise<T>, { pause, tries = Infinity, failed }: AgainOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      failed(error, tries - attempt);
      if (attempt >= tries) throw error;
    }
    await pause();
  }
}
