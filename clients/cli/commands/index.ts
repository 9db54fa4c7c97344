import type { Command, Group } from "../command";
import { actionGroup } from "./action";
import { activationGroup } from "./activation";
import { deadLetterGroup } from "./dead-letter";
import { listEverything, namespaceGroup } from "./namespace";
import { packageGroup } from "./package";
import { propertyGroup } from "./property";
import { ruleGroup } from "./rule";
import { triggerGroup } from "./trigger";

/** Every command, by the word under which it stands. */
export const groups: readonly Group[] = [
  actionGroup,
  activationGroup,
  deadLetterGroup,
  packageGroup,
  ruleGroup,
  triggerGroup,
  propertyGroup,
  namespaceGroup,
];

/** Commands that stand alone. */
export const single: readonly Command[] = [listEverything];
