import { statSync } from "node:fs";
import { isIP } from "node:net";
import path from "node:path";
import { toSeconds } from "../../platform/duration";
import { toMegabytes } from "../../platform/size";
import { UNKNOWN, type Properties } from "../resource";

/** MB. */
const SMALLEST_ACTION = 128;

/** Turns a value of the right type into what is stored; throws an error that says what was expected. */
export type Rule = (value: unknown) => unknown;

/** By input. */
export type Rules = Record<string, Rule>;

/** What is wrong inside of an input. */
export class MemberRefused extends Error {
  constructor(
    readonly member: string,
    reason: string,
  ) {
    super(reason);
    this.name = "MemberRefused";
  }
}

/** The rule of an object: each of its members has one. */
export function members(rules: Rules): Rule {
  return (value) => {
    const given = value as Properties;
    const checked: Properties = {};
    for (const [member, rule] of Object.entries(rules)) {
      if (given[member] === undefined || given[member] === null) continue;
      try {
        checked[member] = given[member] === UNKNOWN ? UNKNOWN : rule(given[member]);
      } catch (error) {
        throw new MemberRefused(member, (error as Error).message);
      }
    }
    return checked;
  };
}

/** A whole number, its type being right already. */
export function wholeNumber(what: string, least: number, most: number): Rule {
  return (value) => {
    if (Number(value) >= least && Number(value) <= most) return value;
    throw new Error(`expected ${what} from ${least} to ${most}, got ${JSON.stringify(value)}`);
  };
}

const limit = wholeNumber("a limit", 0, Number.MAX_SAFE_INTEGER);

/** What every platform of this machine checks. */
export const RULES: Rules = {
  host: (value) => {
    if (value === "localhost" || isIP(String(value)) !== 0) return value;
    throw new Error(`expected an address of this machine such as "127.0.0.1", got ${JSON.stringify(value)}`);
  },
  port: wholeNumber("a port", 1, 65535),
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
  retention: toSeconds,
  prewarm: (value) => value,
  logLevel: (value) => value,
  namespace: (value) => {
    if (/^[A-Za-z0-9_][A-Za-z0-9_@.-]{0,127}$/.test(String(value))) return value;
    throw new Error(`expected a name of up to 128 letters, digits, "_", "@", "." or "-", got ${JSON.stringify(value)}`);
  },
  limits: members({ concurrentInvocations: limit, invocationsPerMinute: limit, firesPerMinute: limit }),
  allowSharedProcesses: (value) => value,
  node: (value) => {
    if (path.isAbsolute(String(value)) && isFile(String(value))) return value;
    throw new Error(`expected the absolute path of a Node program on this machine, got ${JSON.stringify(value)}`);
  },
};

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
