/**
 * What a resource type of the provider implements. The gRPC service (`server.ts`) does what all types share:
 * marshalling, secrets, unknowns, previews; a handler sees plain values.
 */
import type { ResourceDescription } from "./description";

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
  /**
   * The old one must go before the new one can be made (both would have the same name). Asked also when nothing calls
   * for a replacement, because the user can force one.
   */
  deleteBeforeReplace?: boolean;
}

export interface State {
  id: string;
  /** Inputs as the last check returned them; empty at an import. */
  inputs: Properties;
  /** Inputs as checked, and what the resource adds to them; empty at an import. */
  outputs: Properties;
}

export interface CheckContext {
  urn: string;
  /** The last part of the URN: what the program calls the resource; the default of automatic names. */
  name: string;
  /** The program's folder (where Pulumi.yaml is), to which relative paths are relative. */
  directory: string;
  /** Stable across previews and updates; for automatic names that need one. */
  randomSeed: Uint8Array;
}

export interface OperationContext {
  urn: string;
  /** The program's folder (where Pulumi.yaml is), to which relative paths are relative. */
  directory: string;
  /** Seconds that the user allows; 0: the type's own default. */
  timeout: number;
  /** Aborted when the user cancels. */
  signal: AbortSignal;
  /** Progress for the user, shown beside the resource. */
  log(message: string): void;
}

/** A new kind of resource is a handler in the list of `handlers.ts`. Failures are thrown; their message is shown. */
export interface ResourceHandler {
  /** For example `stackwhisk:index:Action`. */
  readonly token: string;
  /** Its properties: the schema, the type checks and which outputs are always secret come from here. */
  readonly description: ResourceDescription;
  /**
   * Fills defaults and names what is wrong. Values may be UNKNOWN. No side effects. The types of the inputs have been
   * checked against `description` before.
   */
  check(inputs: Properties, old: Properties | undefined, context: CheckContext): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  /** Compares the last state with checked inputs. Values may be UNKNOWN. No side effects. */
  diff(old: State, inputs: Properties, context: CheckContext): Promise<Difference>;
  /** What outputs a create or update will have, as far as they are known: at preview. */
  plan(inputs: Properties, old: State | undefined): Properties;
  /** Either the resource exists afterwards, or this throws and nothing is left, or it throws `PartlyDone`. */
  create(inputs: Properties, context: OperationContext): Promise<Omit<State, "inputs">>;
  /** What there is in truth. Undefined: it does not exist. At an import `old` has an id only. */
  read(old: State, context: OperationContext): Promise<State | undefined>;
  /** Returns the new outputs. */
  update(old: State, inputs: Properties, context: OperationContext): Promise<Properties>;
  /** Deleting what is gone already succeeds. */
  delete(old: State, context: OperationContext): Promise<void>;
}

/** The resource exists but is not as it should be: its state is kept, and the next update tries to mend it. */
export class PartlyDone extends Error {
  constructor(
    message: string,
    readonly state: Omit<State, "inputs">,
  ) {
    super(message);
    this.name = "PartlyDone";
  }
}
