import { setTimeout as sleep } from "node:timers/promises";
import { pauses } from "../core/again";

/** Pauses before something is offered to a store again that has failed. */
export const storePauses = () => pauses({ first: 100, longest: 5_000 }, sleep);
