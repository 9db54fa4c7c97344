import { messageOf } from "../core/errors";
import type { RunMessage } from "../core/messages";
import type { Identity } from "../core/model/entities";
import type { Logger } from "../core/owner/context";

export interface SuspensionOptions {
  /** Nothing is to be started for it any more: it is blocked or gone. @default nobody is */
  isSuspended?(identity: Identity): boolean | Promise<boolean>;
  /** Milliseconds since 1970. */
  now(): number;
  logger: Logger;
}

/** The owner of a run has asked before it sent it: what is no older goes without a question. Milliseconds. */
const FRESH = 250;

/** Whether the namespace of a run was blocked or deleted while the run waited. If that cannot be read, the run goes on as its owner decided. */
export async function wasSuspended({ isSuspended, now, logger }: SuspensionOptions, message: RunMessage): Promise<boolean> {
  const age = now() - message.receivedAt;
  // Clocks of machines differ: what seems to come from the future may be old.
  if (!isSuspended || (age >= 0 && age < FRESH)) return false;
  try {
    return await isSuspended(message.invoker);
  } catch (error) {
    const { activationId, transactionId } = message;
    logger.error({ activationId, transactionId, error: messageOf(error) }, "whether a namespace is blocked could not be read: its run goes on");
    return false;
  }
}
