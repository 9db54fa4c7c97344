import type { Group } from "../../command";
import { activationList } from "./list";
import { activationPoll } from "./poll";
import { activationLogs, activationResult, getActivation } from "./read";

export const activationGroup: Group = {
  name: "activation",
  summary: "work with activations",
  commands: [activationList, getActivation, activationLogs, activationResult, activationPoll],
};
