import { pauses } from "../again";
import type { OwnerContext } from "./context";

/** Pauses for looks at the store for what another process is about to write: many works may wait for it, so they look ever more seldom. */
export const lookingPauses = ({ sleep }: Pick<OwnerContext, "sleep">) => pauses({ first: 250, longest: 2_000 }, sleep);
