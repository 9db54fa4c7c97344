import type { ActionLimits } from "./limits";
import type { EntityPath } from "./names";
import type { KeyValue, Parameter } from "./parameters";

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
  limits: ActionLimits;
}

export interface Trigger extends EntityBase {
  collection: "triggers";
  parameters: Parameter[];
}

export interface Rule extends EntityBase {
  collection: "rules";
  /** Key of the trigger. */
  trigger: string;
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
