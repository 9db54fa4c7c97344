import type { Group } from "../../command";
import { setProperty, unsetProperty } from "./change";
import { getProperty } from "./get";

export const propertyGroup: Group = {
  name: "property",
  summary: "work with whisk properties",
  commands: [setProperty, unsetProperty, getProperty],
};
