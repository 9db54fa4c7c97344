import { again } from "../core/again";
import type { Start, StartStore } from "../core/ports/store";
import { storePauses } from "./storePauses";

/**
 * Claims a start, however often that takes. A store that fails may have written it all the same, or may write it as soon as it
 * comes to it: then a second claim looks like somebody else's. So after a failure what is there decides; and to give up is no
 * way out, because the start of a run that nobody has in hand would be waited for as long as this process lives.
 *
 * @param failed told of each failure
 * @returns false when somebody else has it
 */
export async function claimStart(starts: StartStore, start: Start, failed: (error: unknown) => void): Promise<boolean> {
  const claim = async (attempt: number) => {
    if (await starts.claim(start)) return true;
    if (attempt === 1) return false;
    const found = await starts.get(start.activationId, start.attempt);
    return found?.invoker === start.invoker && found.at === start.at;
  };
  return again(claim, { pause: storePauses(), failed });
}
