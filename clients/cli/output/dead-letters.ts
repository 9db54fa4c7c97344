import { localTime } from "./time";
import type { Style } from "./style";

/** What is read of a dead letter; the platform sends more. Times in milliseconds since 1970. */
export interface DeadLetter {
  activationId: string;
  /** `namespace/package/name`. */
  action: string;
  reason: unknown;
  attempts: number;
  at: number;
}

/** Characters of a reason that a table shows. */
const REASON = 80;

/** Dead letters for people. */
export function deadLetterTable(letters: readonly DeadLetter[], style: Style): string {
  if (letters.length === 0) return "\n";
  const actionWidth = Math.max("Action".length, ...letters.map(({ action }) => action.length));
  const line = (time: string, id: string, attempts: string, action: string, reason: string): string =>
    `${time.padEnd(19)} ${id.padEnd(32)} ${attempts.padEnd(8)} ${action.padEnd(actionWidth)} ${reason}\n`;
  const rows = letters.map((l) => line(localTime(l.at), l.activationId, String(l.attempts), l.action, reasonOf(l)));
  return style.bold(line("Given up", "Activation ID", "Attempts", "Action", "Reason")) + rows.join("");
}

/** On one line, and not too long for it. */
function reasonOf({ reason }: DeadLetter): string {
  const text = (typeof reason === "string" ? reason : JSON.stringify(reason)).replace(/\s+/g, " ");
  return text.length <= REASON ? text : `${text.slice(0, REASON - 3)}...`;
}
