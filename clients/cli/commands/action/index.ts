import type { Group } from "../../command";
import { deleteCommand, kinds } from "../entities";
import { listCommand } from "../lists";
import { getAction } from "./get";
import { invokeAction } from "./invoke";
import { createAction, updateAction } from "./write";

export const actionGroup: Group = {
  name: "action",
  summary: "work with actions",
  commands: [createAction, updateAction, invokeAction, getAction, deleteCommand(kinds.action), listCommand(kinds.action)],
};
