import type { OwnerContext } from "./context";

/** Between two looks for what another process is about to write: doubled from the first to the last. Milliseconds. */
const PAUSE = { first: 250, last: 2_000 };

/** Pauses for looks at the store: many works may wait for the same process, so they look ever more seldom. */
export function lookingPauses({ sleep }: OwnerContext): () => Promise<void> {
  let pause = PAUSE.first;
  return async () => {
    await sleep(pause);
    pause = Math.min(2 * pause, PAUSE.last);
  };
}
