/**
 * What a resource type of the provider implements. The gRPC service (`server.ts`) does what all types share:
 * marshalling, secrets, unknowns, previews; a handler sees plain values.
 */

/** Plain property values. Secrets are unwrapped before a handler sees them and wrapped again behind it. */
export type Properties = Record<string, unknown>;

/** Stands where a value is not known at preview. */
export const UNKNOWN: unique symbol = Symbol.for("stackwhisk.unknown");

/** A bad input: `property` is the path of the input that is at fault, as the user wrote it. */
export interface CheckFailure {
  property: string;
  reason: string;
}

export type ChangeKind = "add" | "delete" | "update" | "add-replace" | "delete-replace" | "update-replace";

/** By property path; empty: nothing changed. A kind that ends in `-replace` makes the change a replacement. */
export interface Difference {
  changes: Record<string, ChangeKind>;
  /** The old one must go before the new one can be made (both would have the same name). */
  deleteBeforeReplace?: boolean;
}

export interface State {
  id: string;
  /** Inputs as checked, and what the resource adds to them. */
  outputs: Properties;
}

export interface CheckContext {
  urn: string;
  /** The provider's own project folder, to which relative paths are relative. */
  directory: string;
  /** Stable across previews and updates; for automatic names. */
  randomSeed: Uint8Array;
}

export interface OperationContext {
  urn: string;
  directory: string;
  /** Seconds that the user allows; 0: the type's own default. */
  timeout: number;
  /** Aborted when the user cancels. */
  signal: AbortSignal;
  /** Progress for the user, shown beside the resource. */
  log(message: string): void;
}

export interface ResourceHandler {
  /** For example `stackwhisk:index:Action`. */
  readonly token: string;
  /** Output properties that are always secret, whatever the inputs were. */
  readonly secretOutputs: readonly string[];
  /** Fills defaults and names what is wrong. Values may be UNKNOWN. No side effects. */
  check(inputs: Properties, old: Properties | undefined, context: CheckContext): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  /** Compares the last state with checked inputs. Values may be UNKNOWN. No side effects. */
  diff(old: State, inputs: Properties, oldInputs: Properties, context: CheckContext): Promise<Difference>;
  /** What outputs a create or update will have, as far as they are known: at preview. */
  plan(inputs: Properties, old: State | undefined): Properties;
  create(inputs: Properties, context: OperationContext): Promise<State>;
  /** Undefined: it does not exist. `old` lacks outputs at an import. */
  read(old: State, context: OperationContext): Promise<(State & { inputs: Properties }) | undefined>;
  update(old: State, inputs: Properties, context: OperationContext): Promise<Properties>;
  /** Deleting what is gone already succeeds. */
  delete(old: State, context: OperationContext): Promise<void>;
}
