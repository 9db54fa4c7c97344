import type { EntityLimits } from "./limits";
import type { EntityPath } from "./names";
import { isTruthy, type KeyValue, type Parameter, valueOf } from "./parameters";

export type Collection = "actions" | "triggers" | "rules" | "packages";

interface EntityBase extends EntityPath {
  /** Semantic version; its last part rises with each update. */
  version: string;
  publish: boolean;
  annotations: KeyValue[];
  /** Time of the last change, milliseconds since 1970. */
  updated: number;
}

/** What runs. Code is kept apart, under its hash. */
export type Exec = CodeExec | SequenceExec;

export interface CodeExec {
  kind: string;
  /** Hash of the code as it was sent; absent for an image that holds all it needs. */
  codeSha?: string;
  /** Bytes of the code as it was sent. */
  codeSize?: number;
  /** The code is a base64 archive or executable, not text. */
  binary: boolean;
  main?: string;
  /** Docker image of a `blackbox`. */
  image?: string;
}

export interface SequenceExec {
  kind: "sequence";
  /** Fully qualified: `/namespace/package/name`. */
  components: string[];
}

export interface Action extends EntityBase {
  collection: "actions";
  exec: Exec;
  parameters: Parameter[];
  limits: EntityLimits;
}

export interface Trigger extends EntityBase {
  collection: "triggers";
  parameters: Parameter[];
  /** Tells it from one of the same name that was deleted. Milliseconds since 1970. */
  created?: number;
  /** A rule was tied to it: from then on it shows its rules, even if it has none any more. */
  hadRules?: boolean;
}

export interface Rule extends EntityBase {
  collection: "rules";
  /** Key of the trigger. */
  trigger: string;
  /** When that trigger was created: a later one of the same name does not fire the rule. */
  triggerCreated?: number;
  /** Key of the action. */
  action: string;
  status: "active" | "inactive";
}

export interface Package extends EntityBase {
  collection: "packages";
  parameters: Parameter[];
  /** The package that this one stands for, with its own parameters on top. */
  binding?: { namespace: string; name: string };
}

export type Entity = Action | Trigger | Rule | Package;

export const isSequence = (exec: Exec): exec is SequenceExec => exec.kind === "sequence";

/** Its code says which action runs next: invoking it runs a composition. On a sequence the annotation means nothing. */
export const isConductor = ({ exec, annotations }: Action): boolean => !isSequence(exec) && isTruthy(valueOf(annotations, "conductor"));

/** It runs other actions, and goes no further without its owner. */
export const isComposite = (action: Action): boolean => isSequence(action.exec) || isConductor(action);

/**
 * Reads a semantic version as loosely as OpenWhisk: parts may be missing or begin with zeros, and what follows the third does not
 * count.
 *
 * @returns undefined when it is none, or 0.0.0
 */
export function parseVersion(text: string): string | undefined {
  const parts = text.replace(/\.+$/, "").split(".").slice(0, 3);
  if (!parts.every((part) => /^\d{1,10}$/.test(part) && Number(part) < 2 ** 31)) return undefined;
  const version = [0, 1, 2].map((index) => Number(parts[index] ?? 0));
  return version.every((part) => part === 0) ? undefined : version.join(".");
}

/** The version after an update. */
export function nextVersion(version: string): string {
  const parts = version.split(".").map(Number);
  return `${parts[0] ?? 0}.${parts[1] ?? 0}.${(parts[2] ?? 0) + 1}`;
}

/** A tenant and who acts for it. */
export interface Identity {
  /** Name of the namespace. */
  namespace: string;
  /** Stable id of the namespace: the user part of its key. */
  uuid: string;
  subject: string;
}
