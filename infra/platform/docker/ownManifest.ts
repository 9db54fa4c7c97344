import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { BlackboxImage, RuntimeImage, RuntimeKind, RuntimesManifest, StemCell } from "../../../runtimes/runtimes";
import { megabytes, milliseconds } from "../../../runtimes/units";

/** A kind of an operator's own, as OpenWhisk's manifest writes it. */
export interface OwnKind {
  /** `<family>:<version>`. */
  kind: string;
  /** One that speaks OpenWhisk's contract; pulled if it is not on the engine. */
  image: RuntimeImage;
  /** The one that `<family>:default` names. @default `true` for a kind that is alone in its family */
  default?: boolean;
  /** Actions of it can be read and deleted, not created, changed or invoked. @default `false` */
  deprecated?: boolean;
  /** The code is stored apart from the action: so in OpenWhisk's own kinds. */
  attached?: RuntimeKind["attached"];
  /** The entry point has no default name. @default `false` */
  requireMain?: boolean;
  /** Containers that are started before anybody asks for them. @default none */
  stemCells?: StemCell[];
}

/** Kinds and images of an operator's own, in the format of OpenWhisk's `runtimes.json`. */
export interface OwnManifestArgs {
  description?: string[];
  /** By family, such as `ruby`: its kinds. One of the platform's own families is replaced as a whole. @default none */
  runtimes?: Record<string, OwnKind[]>;
  /** Images that actions may name in place of a kind, and that are not pulled anew for them. @default none */
  blackboxes?: BlackboxImage[];
}

/** What is left out has been filled in. */
export type OwnManifest = Pick<RuntimesManifest, "runtimes" | "blackboxes">;

const FAMILY = /^[a-z0-9]+$/;
const VERSION = /^[\w.-]+$/;
/** Docker's rule for the parts of a name, without upper case. */
const IMAGE_PART = /^[a-z0-9]+([._-]+[a-z0-9]+)*$/;

/**
 * Reads an operator's kinds, and fills in what is left out.
 *
 * @param given a file, relative to the program's folder, or what would be in it
 * @throws Error that names what is wrong, and what would be right
 */
export function ownManifest(given: unknown): OwnManifest {
  if (holdsOutput(given)) throw new Error("nothing in it can be an output: which images are built must be known when the program runs. Name the image in plain text");
  const content = typeof given === "string" ? readJson(given) : given;
  if (!isObject(content)) throw new Error("expected a file, or an object in the format of OpenWhisk's runtimes.json");
  const unknown = Object.keys(content).find((key) => !["description", "runtimes", "blackboxes"].includes(key));
  if (unknown !== undefined) throw new Error(`there is no \`${unknown}\` in a manifest; there are runtimes, blackboxes`);
  const { runtimes = {}, blackboxes = [] } = content;
  if (!isObject(runtimes)) throw new Error("`runtimes`: expected the kinds of each family");
  if (!Array.isArray(blackboxes)) throw new Error("`blackboxes`: expected a list of images");
  for (const [index, image] of blackboxes.entries()) {
    checkImage(`blackboxes[${index}]`, image);
    if (image.image !== undefined) checkImage(`blackboxes[${index}].image`, image.image);
  }
  return { runtimes: Object.fromEntries(Object.entries(runtimes).map(([family, kinds]) => [family, familyOf(family, kinds)])), blackboxes };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function familyOf(family: string, kinds: unknown): RuntimeKind[] {
  if (!FAMILY.test(family)) throw new Error(`the family ${JSON.stringify(family)}: expected lower case letters and digits`);
  if (!Array.isArray(kinds) || kinds.length === 0) throw new Error(`\`runtimes.${family}\`: expected a list of kinds`);
  const filled = kinds.map((kind: unknown, index) => kindOf(family, `runtimes.${family}[${index}]`, kind, kinds.length === 1));
  const twice = filled.find(({ kind }, index) => filled.findIndex((other) => other.kind === kind) !== index);
  if (twice) throw new Error(`\`runtimes.${family}\`: the kind ${twice.kind} stands there twice`);
  const defaults = filled.filter((kind) => kind.default).length;
  if (defaults !== 1) throw new Error(`\`runtimes.${family}\`: expected one kind with default: true, there are ${defaults}`);
  return filled;
}

function kindOf(family: string, at: string, given: unknown, alone: boolean): RuntimeKind {
  if (!isObject(given)) throw new Error(`\`${at}\`: expected a kind, got ${JSON.stringify(given)}`);
  const { kind, image, stemCells = [] } = given;
  const right = typeof kind === "string" && kind.startsWith(`${family}:`) && VERSION.test(kind.slice(family.length + 1)) && kind !== `${family}:default`;
  if (!right) throw new Error(`\`${at}.kind\`: expected ${family}:<version>, got ${JSON.stringify(kind)}`);
  for (const flag of ["default", "deprecated", "requireMain"]) {
    if (!["boolean", "undefined"].includes(typeof given[flag])) throw new Error(`\`${at}.${flag}\`: expected true or false, got ${JSON.stringify(given[flag])}`);
  }
  checkImage(`${at}.image`, image);
  if (!Array.isArray(stemCells)) throw new Error(`\`${at}.stemCells\`: expected a list`);
  for (const [index, cell] of stemCells.entries()) checkStemCell(`${at}.stemCells[${index}]`, cell);
  return { ...given, default: given.default ?? alone, deprecated: given.deprecated ?? false } as RuntimeKind;
}

function checkStemCell(at: string, given: unknown): void {
  const { initialCount, memory, reactive } = isObject(given) ? given : {};
  if (!Number.isInteger(initialCount) || Number(initialCount) < 0) throw new Error(`\`${at}.initialCount\`: expected a number of containers, got ${JSON.stringify(initialCount)}`);
  if (!isUnit(megabytes, memory)) throw new Error(`\`${at}.memory\`: expected a size such as "256 MB", got ${JSON.stringify(memory)}`);
  if (reactive !== undefined) checkReactive(`${at}.reactive`, reactive);
}

function checkReactive(at: string, given: unknown): void {
  const found = isObject(given) ? given : {};
  for (const [name, least] of Object.entries({ minCount: 0, maxCount: 0, threshold: 1, increment: 1 })) {
    const number = found[name];
    if (!Number.isInteger(number) || Number(number) < least) throw new Error(`\`${at}.${name}\`: expected a whole number from ${least}, got ${JSON.stringify(number)}`);
  }
  if (!isUnit(milliseconds, found.ttl)) throw new Error(`\`${at}.ttl\`: expected a time such as "2 minutes", got ${JSON.stringify(found.ttl)}`);
}

function isUnit(read: (text: string) => number, given: unknown): boolean {
  try {
    return typeof given === "string" && read(given) >= 0;
  } catch {
    return false;
  }
}

function checkImage(at: string, given: unknown): void {
  const { registry, prefix, name, tag } = isObject(given) ? given : {};
  const parts = [...(prefix === undefined ? [] : String(prefix).split("/")), String(name)];
  const texts = [registry, prefix, tag].every((part) => part === undefined || typeof part === "string");
  if (typeof name === "string" && texts && parts.every((part) => IMAGE_PART.test(part))) return;
  throw new Error(`\`${at}\`: expected an image as {registry, prefix, name, tag}, of which only the name is required, got ${JSON.stringify(given)}`);
}

function holdsOutput(value: unknown): boolean {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsOutput);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
