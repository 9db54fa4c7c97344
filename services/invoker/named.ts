import type { RunMessage } from "../core/messages";

/** What names a run in the log. */
export const named = ({ activationId, transactionId, action }: RunMessage) => ({ activationId, transactionId, action: action.path });
