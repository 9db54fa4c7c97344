import { accessSync, constants, existsSync, statSync } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";
import { toSeconds } from "../../platform/duration";
import { toMegabytes } from "../../platform/size";
import { UNKNOWN, type CheckContext, type CheckFailure, type Properties } from "../resource";
import { programDigest } from "./program";
import { DEFAULTS } from "./settings";
import { stackOf } from "./urn";

/** MB. */
const SMALLEST_ACTION = 128;

/** Turns a value of the right type into what is stored; throws an error that says what was expected. */
type Rule = (value: unknown) => unknown;

const RULES: Record<string, Rule> = {
  host: (value) => {
    if (value === "localhost" || isIP(String(value)) !== 0) return value;
    throw new Error(`expected an address of this machine such as "127.0.0.1", got ${JSON.stringify(value)}`);
  },
  port: (value) => {
    if (Number(value) >= 1 && Number(value) <= 65535) return value;
    throw new Error(`expected a port from 1 to 65535, got ${JSON.stringify(value)}`);
  },
  dataDir: (value) => {
    const normal = path.normalize(String(value)).replace(/(?<=.)\/+$/, "");
    // Deleting the platform removes its data directory with all that is in it.
    if (/^[./]*$/.test(normal)) throw new Error(`expected a folder of its own, ${JSON.stringify(value)} is the project's folder or one above it`);
    return normal;
  },
  memory: (value) => {
    const megabytes = toMegabytes(value);
    if (megabytes >= SMALLEST_ACTION) return megabytes;
    throw new Error(`expected at least ${SMALLEST_ACTION} MB, the memory of the smallest action, got ${JSON.stringify(value)}`);
  },
  idleTimeout: toSeconds,
  prewarm: (value) => value,
  logLevel: (value) => value,
  namespace: (value) => {
    if (/^[A-Za-z0-9_][A-Za-z0-9_@.-]{0,127}$/.test(String(value))) return value;
    throw new Error(`expected a name of up to 128 letters, digits, "_", "@", "." or "-", got ${JSON.stringify(value)}`);
  },
  node: (value) => {
    if (path.isAbsolute(String(value)) && isFile(String(value))) return value;
    throw new Error(`expected the absolute path of a Node program on this machine, got ${JSON.stringify(value)}`);
  },
};

/**
 * Fills defaults, resolves units and names what is wrong with the inputs of a local platform. Their types are right.
 *
 * @param program path of the platform's program; its digest becomes the input `program`
 */
export function checkInputs(
  inputs: Properties,
  old: Properties | undefined,
  context: CheckContext,
  program: string,
): { inputs: Properties; failures: CheckFailure[] } {
  // A folder once chosen stays: renaming the stack must not cost the user the data.
  const defaults: Properties = { ...DEFAULTS, dataDir: old?.dataDir ?? `.stackwhisk/${stackOf(context.urn)}` };
  const checked: Properties = {};
  const failures: CheckFailure[] = [];
  for (const [property, rule] of Object.entries(RULES)) {
    const value = inputs[property] ?? defaults[property];
    if (value === undefined) continue;
    try {
      checked[property] = value === UNKNOWN ? UNKNOWN : rule(value);
    } catch (error) {
      failures.push({ property, reason: (error as Error).message });
    }
  }
  const dataDir = checked.dataDir;
  const obstacle = typeof dataDir === "string" ? obstacleTo(path.resolve(context.directory, dataDir)) : undefined;
  if (obstacle) failures.push({ property: "dataDir", reason: obstacle });
  const digest = programDigest(program);
  if (digest) checked.program = digest;
  else failures.push({ property: "program", reason: `${program} has not been built: run \`npm run build\` first` });
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

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
