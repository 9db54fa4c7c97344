import { setTimeout as sleep } from "node:timers/promises";
import { again } from "../core/again";
import { WhiskError } from "../core/errors";

/** Milliseconds between two tries. */
const PAUSE = 500;

/** What {@link patiently} needs of the world. */
export interface Patience {
  /** How long a server that is just starting, or was cut off for a moment, is waited for. Milliseconds. @default 30_000 */
  limit?: number;
  /** Milliseconds, of a clock that only goes forward. */
  now?(): number;
  pause?(milliseconds: number): Promise<unknown>;
}

/**
 * Tries again what fails for lack of a server: a process that starts while one is away for a moment comes up all the same.
 *
 * @throws what it threw last, after the limit; anything but a WhiskError 503 at once
 */
export async function patiently<T>(work: () => Promise<T>, { limit = 30_000, now = () => performance.now(), pause = sleep }: Patience = {}): Promise<T> {
  const deadline = now() + limit;
  const failed = (error: unknown) => {
    if (!(error instanceof WhiskError && error.status === 503) || now() + PAUSE > deadline) throw error;
  };
  return again(work, { pause: () => pause(PAUSE), failed });
}
