import type { Group } from "../../command";
import { getDeadLetter, listDeadLetters } from "./read";
import { purgeDeadLetters, redriveDeadLetters } from "./resolve";

export const deadLetterGroup: Group = {
  name: "dead-letter",
  summary: "work with accepted work that was given up",
  commands: [listDeadLetters, getDeadLetter, redriveDeadLetters, purgeDeadLetters],
};
