import { type ActivationId, sha256 } from "./ids";
import type { Activation } from "./model/activation";
import type { ActionLimits } from "./model/limits";
import type { Identity } from "./model/entities";
import type { JsonObject, KeyValue, Payload } from "./model/parameters";

/** Names one revision of an entity: revisions never change, so it means the same wherever and whenever it is read. */
export interface RevisionRef {
  key: string;
  rev: number;
}

/** One attempt at running an action's code, from its owner to whichever invoker takes it. */
export interface RunMessage {
  activationId: ActivationId;
  /** From 0; more only for actions that ask for retries. */
  attempt: number;
  /** No attempt follows this one: its outcome becomes the record, whatever it is. */
  lastAttempt: boolean;
  transactionId: string;
  /** Who invokes: a container serves one namespace only. */
  invoker: Identity;
  /** Only for actions with the annotation `provide-api-key`. */
  apiKey?: string;
  action: RunnableAction;
  /** Arguments of the run, merged; an array when the step before in a sequence gave one. */
  args: Payload;
  /** Environment of the initialisation. */
  env: Record<string, string>;
  /** Answered 202: the start is claimed before the code runs, and the record precedes the completion. */
  accepted: boolean;
  /** Of an accepted run of a sequence or composition: its start tells with which revisions it was begun. */
  ref?: ActionRef;
  cause?: ActivationId;
  /** Annotations that the record gets besides the system's own. */
  annotations?: KeyValue[];
  /** When the platform took the invocation, milliseconds since 1970: the start of the wait time. */
  receivedAt: number;
}

/**
 * Runs with the same key may share containers. It holds the invoking namespace, the action's revision and the
 * environment of its initialisation: that of a package or binding changes without a new revision of the action.
 */
export function runKey({ action, invoker, env }: RunMessage): string {
  const key = `${invoker.uuid}/${action.key}@${action.rev}`;
  return isEmpty(env) ? key : `${key}#${sha256(JSON.stringify(env))}`;
}

function isEmpty(record: object): boolean {
  for (const _ in record) return false;
  return true;
}

/** What an invoker needs to know of an action to run it and to write its record. */
export interface RunnableAction extends RevisionRef {
  /** `namespace/package/name`, with the package as it was invoked (a binding keeps the provider's). */
  path: string;
  name: string;
  version: string;
  kind: string;
  codeSha?: string;
  binary: boolean;
  main?: string;
  image?: string;
  limits: ActionLimits;
}

/** What becomes of a run message. */
export type Completion =
  /** `record` lacks logs. `recorded`: it is (or will be) in the store; false when another attempt is to follow. */
  | { kind: "done"; record: Activation; recorded: boolean }
  /** The start was claimed before: some invoker ran or runs this attempt. */
  | { kind: "duplicate" }
  /** While it waited, its namespace was blocked or deleted: its code has not run. */
  | { kind: "suspended" };

/** What the accepted log holds: work that was answered 202 and has to end in records. */
export type AcceptedMessage = AcceptedInvocation | AcceptedFire | AcceptedWatch;

interface AcceptedBase {
  /** Of the invocation or of the fire: the answer to the client. */
  activationId: ActivationId;
  transactionId: string;
  identity: Identity;
  /** Milliseconds since 1970. */
  acceptedAt: number;
}

/** An action at fixed revisions of itself and of the packages whose parameters it inherits. */
export interface ActionRef {
  action: RevisionRef;
  /** The package that holds it; then a binding to that package through which it was invoked. */
  packages: RevisionRef[];
}

export interface AcceptedInvocation extends AcceptedBase {
  kind: "invocation";
  action: ActionRef;
  payload: JsonObject;
  /** The fire that it is a rule's outcome of. Its record does not tell: that of the fire names it. */
  cause?: ActivationId;
}

export interface AcceptedFire extends AcceptedBase {
  kind: "fire";
  trigger: RevisionRef;
  payload: JsonObject;
  /** Of the request that fired it: its actions get them as `__ow_headers`. */
  headers?: Record<string, string>;
  rules: FiredRule[];
}

/** A rule of the trigger at the time of the fire. */
export interface FiredRule {
  /** Key of the rule. */
  rule: string;
  /** Key of the action. */
  actionKey: string;
  /** Absent when nothing is to run. */
  action?: ActionRef;
  /** Why nothing is to run: the rule is inactive, or its action cannot be invoked. */
  error?: string;
}

/** A blocking call that was answered 202 after its wait: its record has to appear. */
export interface AcceptedWatch extends AcceptedBase {
  kind: "watch";
  action: ActionRef;
  /** The instance that had the call: who drives it if it is a sequence or composition. */
  owner: string;
  /** Milliseconds since 1970 after which the run cannot be under way any more. */
  deadline: number;
}
