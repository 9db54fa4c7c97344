import { accessSync, constants, existsSync, statSync } from "node:fs";
import path from "node:path";
import { UNKNOWN, type CheckContext, type CheckFailure, type Properties } from "../resource";
import { programDigest } from "./program";
import { MemberRefused, type Rules } from "./rules";

export interface CheckOptions {
  rules: Rules;
  /** Values of what the user left out. */
  defaults: Properties;
  /** Paths of the platform's programs; their digest becomes the input `program`. */
  programs: readonly string[];
}

/** Fills defaults, resolves units and names what is wrong with the inputs of a platform. Their types are right. */
export function checkInputs(inputs: Properties, context: CheckContext, { rules, defaults, programs }: CheckOptions): { inputs: Properties; failures: CheckFailure[] } {
  const checked: Properties = {};
  const failures: CheckFailure[] = [];
  for (const [property, rule] of Object.entries(rules)) {
    const value = inputs[property] ?? defaults[property];
    if (value === undefined) continue;
    try {
      checked[property] = value === UNKNOWN ? UNKNOWN : rule(value);
    } catch (error) {
      failures.push({ property: error instanceof MemberRefused ? `${property}.${error.member}` : property, reason: (error as Error).message });
    }
  }
  const dataDir = checked.dataDir;
  const obstacle = typeof dataDir === "string" ? obstacleTo(path.resolve(context.directory, dataDir)) : undefined;
  if (obstacle) failures.push({ property: "dataDir", reason: obstacle });
  const missing = programs.find((program) => !existsSync(program));
  if (missing) failures.push({ property: "program", reason: `${missing} has not been built: run \`npm run build\` first` });
  else checked.program = programDigest(programs);
  return { inputs: checked, failures };
}

/** Why a folder cannot be made or used. Asked at the preview, because another `dataDir` removes the old one first. */
function obstacleTo(folder: string): string | undefined {
  let existing = folder;
  while (!existsSync(existing) && existing !== path.dirname(existing)) existing = path.dirname(existing);
  if (!statSync(existing).isDirectory()) return `expected a folder, ${existing} is none`;
  try {
    accessSync(existing, constants.W_OK);
  } catch (error) {
    return `expected a folder that can be written to, ${existing} cannot (${(error as NodeJS.ErrnoException).code})`;
  }
  return undefined;
}
