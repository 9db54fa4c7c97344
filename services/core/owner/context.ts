import type { EntityRepository } from "../entities/repository";
import type { ResolvedAction } from "../entities/resolve";
import type { ActivationId } from "../ids";
import type { Identity } from "../model/entities";
import type { Payload } from "../model/parameters";
import type { AcceptedLog, Liveness, RunLane } from "../ports/lanes";
import type { Store } from "../ports/store";
import type { Throttle } from "./throttle";

/** Structured logging, as far as the domain needs it. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What the owner of invocations works with. */
export interface OwnerContext {
  store: Store;
  lane: RunLane;
  log: AcceptedLog;
  liveness: Liveness;
  throttle: Throttle;
  /** Nothing is to be started for it any more: it is blocked or gone. @default nobody is */
  isSuspended?(identity: Identity): boolean | Promise<boolean>;
  /** It was deleted, also if there is another one of its name now. @default nobody is */
  isGone?(identity: Identity): Promise<boolean>;
  entities: EntityRepository;
  /** This process: others ask whether it is alive. */
  instance: string;
  logger: Logger;
  /** A key for an action with the annotation `provide-api-key`. `expires`: milliseconds since 1970. */
  apiKey(identity: Identity, activationId: ActivationId, expires: number): string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Rejects when the signal is aborted before. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Aborted when this process is to end: what waits for its next attempt is left to the log then. */
  stopping?: AbortSignal;
}

/** An invocation that has an owner: everything is decided but its outcome. */
export interface Plan {
  activationId: ActivationId;
  transactionId: string;
  identity: Identity;
  action: ResolvedAction;
  payload: Payload;
  /** Answered 202: it has to end in a record whatever happens. */
  accepted: boolean;
  /** It may have been begun before: its record and its start are looked for first. */
  resumed: boolean;
  /** Milliseconds since 1970. */
  receivedAt: number;
  /** The sequence or composition that it is a run of. */
  cause?: ActivationId;
  /** It is a run of a sequence or composition. */
  step: boolean;
}
