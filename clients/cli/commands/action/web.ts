import { randomInt } from "node:crypto";
import type { KeyValue } from "../../args/key-values";
import { EXIT, usageError } from "../../errors";

/** The annotations that make a web action, by the value of `--web`. */
const modes: Record<string, readonly [exported: boolean, raw: boolean, final: boolean]> = {
  true: [true, false, true],
  yes: [true, false, true],
  raw: [true, true, true],
  false: [false, false, false],
  no: [false, false, false],
};
const webKeys = ["web-export", "raw-http", "final"];
const secureKey = "require-whisk-auth";

export interface WebFlags {
  web?: string;
  webSecure?: string;
}

/** Annotations to write, and those to remove. */
export interface AnnotationChange {
  annotations?: KeyValue[];
  delAnnotations?: string[];
}

/**
 * The annotations of an action after `--web` and `--web-secure`.
 *
 * @param given those of the command line; if there are none, those that exist are kept
 * @param existing those of the action that is updated; undefined if there is none
 * @throws CliError if a value is none of those allowed, or `--web-secure` comes without a web action
 */
export function withWeb({ web, webSecure }: WebFlags, given: KeyValue[] | undefined, existing: KeyValue[] | undefined): AnnotationChange {
  const kept = given ?? existing ?? [];
  let annotations = web === undefined ? given : [...without(kept, webKeys), ...webAnnotations(web)];
  if (web !== undefined) annotations = add(annotations!, existing, [secureKey]);
  if (webSecure === undefined) return annotations ? { annotations } : {};

  const all = add(annotations ?? kept, existing, [...webKeys, secureKey]);
  const exported = all.find(({ key }) => key === "web-export")?.value === true;
  if (!exported)
    throw usageError("The --web-secure option is only valid when the --web option is enabled.", EXIT.usage);
  const previous = all.find(({ key }) => key === secureKey)?.value;
  const rest = without(all, [secureKey]);
  if (webSecure.toLowerCase() === "false") return { annotations: rest, ...(previous !== undefined && { delAnnotations: [secureKey] }) };
  return { annotations: [...rest, { key: secureKey, value: secretFor(webSecure, previous) }] };
}

function webAnnotations(mode: string): KeyValue[] {
  const values = modes[mode.toLowerCase()];
  if (!values)
    throw usageError(
      `Invalid argument '${mode}' for --web flag. Valid input consist of 'yes', 'true', 'raw', 'false', or 'no'.`,
      EXIT.usage,
    );
  return webKeys.map((key, i) => ({ key, value: values[i] }));
}

/** The secret itself, or for `true` a number: the one from before, if there is one. */
function secretFor(webSecure: string, previous: unknown): unknown {
  if (webSecure.toLowerCase() !== "true") return webSecure;
  return typeof previous === "number" ? previous : randomInt(1, 2 ** 48 - 1);
}

const without = (all: readonly KeyValue[], keys: readonly string[]): KeyValue[] => all.filter(({ key }) => !keys.includes(key));

function add(all: readonly KeyValue[], from: readonly KeyValue[] | undefined, keys: readonly string[]): KeyValue[] {
  return [...all, ...(from ?? []).filter(({ key }) => keys.includes(key) && !all.some((one) => one.key === key))];
}
