import type { Activation } from "../../core/model/activation";
import type { DeadLetter } from "../../core/ports/store";

/** The shape in which a list shows a dead letter. */
export function deadLetterSummary({ activationId, namespace, path, reason, attempts, at, message }: DeadLetter): { [key: string]: unknown } {
  const { cause, acceptedAt } = message;
  return { activationId, namespace, action: path, reason, attempts, acceptedAt, at, ...(cause === undefined ? {} : { cause }) };
}

/**
 * The shape in which the API shows one, with what was sent.
 *
 * @param fire the record of the fire that caused it, if it was a rule's and that record is still there
 */
export const deadLetterView = (letter: DeadLetter, fire?: Activation): { [key: string]: unknown } => ({
  ...deadLetterSummary(letter),
  ...(fire === undefined ? {} : { trigger: fire.path }),
  payload: letter.message.payload,
});
