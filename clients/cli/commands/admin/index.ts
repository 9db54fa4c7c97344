import type { Group } from "../../command";
import { addKey, keys, removeKey, rotateKey } from "./keys";
import { limits } from "./limits";
import { block, create, get, list, remove, unblock } from "./namespaces";

export const adminGroup: Group = {
  name: "admin",
  summary: "work with the namespaces of a platform, their keys and limits",
  commands: [create, get, list, remove, block, unblock, limits, keys, addKey, rotateKey, removeKey],
};
