import type { Command, Group } from "../command";
import { apiGroup, projectGroup } from "./absent";
import { adminGroup } from "./admin";
import { actionGroup } from "./action";
import { activationGroup } from "./activation";
import { completionCommands, sdkGroup } from "./completion";
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
  adminGroup,
  sdkGroup,
  apiGroup,
  projectGroup,
];

/** Commands that stand alone. */
export const single: readonly Command[] = [listEverything, ...completionCommands(groups, () => single)];
