import type { Start, StartStore } from "../core/ports/store";

/** Times that the store is asked before it is given up. */
const TRIES = 3;

/**
 * Claims a start. A store that fails may have written it all the same, and a second claim would then look like somebody
 * else's: so after a failure it is read first.
 *
 * @returns false when somebody else has it
 * @throws what the store throws when it goes on failing
 */
export async function claimStart(starts: StartStore, start: Start): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (attempt > 1) {
        const found = await starts.get(start.activationId, start.attempt);
        if (found) return found.invoker === start.invoker && found.at === start.at;
      }
      return await starts.claim(start);
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}
