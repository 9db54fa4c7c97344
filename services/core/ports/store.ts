import type { ActivationId } from "../ids";
import type { AcceptedInvocation, ActionRef } from "../messages";
import type { Activation, ActivationResponse } from "../model/activation";
import type { Collection, Entity } from "../model/entities";
import type { OwnLimits } from "../model/namespaceLimits";
import type { Json } from "../model/parameters";

/** Everything that the platform keeps. Adapters: `services/store/*`, all held to `services/store/contract.ts`. */
export interface Store {
  readonly entities: EntityStore;
  readonly code: CodeStore;
  readonly activations: ActivationStore;
  readonly starts: StartStore;
  readonly namespaces: NamespaceStore;
  readonly deadLetters: DeadLetterStore;
  /** Writes what is buffered, then lets go of everything. */
  close(): Promise<void>;
}

/** One state of an entity. Revisions are only ever added: number n+1 after number n, a deletion included. */
export interface Revision<T extends Entity = Entity> {
  key: string;
  /** From 1, without gaps; goes on after a deletion. */
  rev: number;
  deleted: boolean;
  entity: T;
}

export interface EntityStore {
  /** The newest revision, which may be a deletion; undefined if the key was never used. */
  head(key: string): Promise<Revision | undefined>;
  revision(key: string, rev: number): Promise<Revision | undefined>;
  /**
   * Adds a revision, durably, before it resolves.
   * False, and nothing changed, if that number is taken: somebody else was first.
   */
  append(revision: Revision): Promise<boolean>;
  /** Not deleted ones, most recently updated first. */
  list(query: EntityQuery): Promise<Revision[]>;
  count(query: Omit<EntityQuery, "limit" | "skip">): Promise<number>;
  /** Rules, not deleted, whose trigger has this key. Any status. */
  rulesOf(trigger: string): Promise<Revision[]>;
}

export interface EntityQuery {
  namespace: string;
  collection: Collection;
  /** Only those in this package; null: only those in none; undefined: all. */
  package?: string | null;
  /** Milliseconds since 1970, by time of update, both inclusive. */
  since?: number;
  upto?: number;
  /** At most so many; 0: no bound. */
  limit: number;
  skip: number;
}

/** Code of actions by the SHA-256 of what was sent. */
export interface CodeStore {
  /** Durable when it resolves. Putting the same again does nothing. */
  put(sha: string, code: string): Promise<void>;
  get(sha: string): Promise<string | undefined>;
}

export interface ActivationQuery {
  namespace: string;
  /** `name` or `package/name`. */
  name?: string;
  /** Milliseconds since 1970, by start, both inclusive. */
  since?: number;
  upto?: number;
  limit: number;
  skip: number;
}

export interface ActivationStore {
  /**
   * Other processes insert too: what one of them has in hand is found here only when it is written, which takes about so
   * long. Milliseconds. @default 0
   */
  readonly lag?: number;
  /**
   * Inserts a record; adapters batch what comes at the same time. When it resolves the record survives the death of any
   * process. A power loss may take the last ones, but then the acknowledgement of accepted work with them.
   * False, and nothing changed, if there is one of that id: the first one wins.
   * `get` finds a record from the moment of this call on.
   *
   * @param options.awaited false: nobody waits for it, so it may wait some milliseconds for others. @default true
   */
  insert(record: Activation, options?: { awaited?: boolean }): Promise<boolean>;
  get(namespace: string, id: ActivationId): Promise<Activation | undefined>;
  /** Newest start first. */
  list(query: ActivationQuery): Promise<Activation[]>;
  count(query: Omit<ActivationQuery, "limit" | "skip">): Promise<number>;
  /** Removes records that ended before, with their starts and the ends of these; answers how many records. */
  prune(endedBefore: number): Promise<number>;
  /** Removes those of a namespace that started by then, milliseconds since 1970; answers how many. */
  purge(namespace: string, startedUpTo: number): Promise<number>;
}

/** That an attempt at accepted work was begun, or a sequence or composition in another one, and by whom. */
export interface Start {
  activationId: ActivationId;
  attempt: number;
  /** The instance that claimed it. */
  invoker: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Of a run of a sequence or composition: with which revisions it was begun. */
  action?: ActionRef;
}

/** How an attempt ended that failed and after which others follow: only the last one's outcome becomes the record. */
export interface AttemptEnd {
  activationId: ActivationId;
  attempt: number;
  /** Milliseconds since 1970. */
  at: number;
  response: ActivationResponse;
}

export interface StartStore {
  /** Durable when it resolves; batched. False if that attempt was claimed before. */
  claim(start: Start): Promise<boolean>;
  get(activationId: ActivationId, attempt: number): Promise<Start | undefined>;
  /** Durable when it resolves. The first one of an attempt stays. */
  end(end: AttemptEnd): Promise<void>;
  ended(activationId: ActivationId, attempt: number): Promise<AttemptEnd | undefined>;
}

/** Accepted work that was given up: it has its record, and can be taken up again under another id. */
export interface DeadLetter {
  /** Of the activation that was given up. */
  activationId: ActivationId;
  namespace: string;
  /** `namespace/package/name` of the action. */
  path: string;
  /** What its record says. */
  reason: Json;
  /** How often its code was tried. */
  attempts: number;
  /** When it was given up. Milliseconds since 1970. */
  at: number;
  /** What was accepted. */
  message: AcceptedInvocation;
}

export interface DeadLetterStore {
  /** Durable when it resolves. The first one of an activation stays. */
  put(letter: DeadLetter): Promise<void>;
  get(namespace: string, activationId: ActivationId): Promise<DeadLetter | undefined>;
  /** Most recently given up first. @param page.limit at most so many; 0: no bound */
  list(namespace: string, page: { limit: number; skip: number }): Promise<DeadLetter[]>;
  count(namespace: string): Promise<number>;
  /** Durable when it resolves. False: there is none. */
  remove(namespace: string, activationId: ActivationId): Promise<boolean>;
  /** Removes those of a namespace, or of them those that were given up by then, milliseconds since 1970; answers how many. */
  purge(namespace: string, upto?: number): Promise<number>;
}

/** One of the secrets that open a namespace: the second part of `uuid:secret`. */
export interface NamespaceKey {
  /** By which it is listed and removed. */
  id: string;
  /** SHA-256 of the secret. */
  hash: string;
  /** Milliseconds since 1970; 0: it is given by the platform's configuration, and goes when that gives another. */
  created: number;
  /** From when on it opens nothing any more, milliseconds since 1970; absent: until it is removed. */
  expires?: number;
}

/** A tenant. */
export interface Namespace {
  name: string;
  /** User part of its keys, and its stable id. */
  uuid: string;
  subject: string;
  /** All of them open it. None: nobody can call it. */
  keys: NamespaceKey[];
  /** Its keys open nothing, and nothing of it is started. */
  blocked: boolean;
  /** Those that are its own: the platform's defaults stand for the others. */
  limits: OwnLimits;
  /** From 1: one more with each change. */
  rev: number;
  /** Milliseconds since 1970: what began before is not its own, but that of a deleted one of the name. Absent: nobody had the name before. */
  created?: number;
}

/** Which one of a name it is, and in which state. */
export type NamespaceState = Pick<Namespace, "name" | "created" | "rev">;

export const isInState = (namespace: Namespace | undefined, { created, rev }: Omit<NamespaceState, "name">): boolean =>
  namespace?.rev === rev && namespace.created === created;

export interface NamespaceStore {
  byUuid(uuid: string): Promise<Namespace | undefined>;
  byName(name: string): Promise<Namespace | undefined>;
  /**
   * Creates it, when its `rev` is 1, or replaces its state with the number before; that of another one, made at another time, never.
   * Durable when it resolves.
   *
   * @returns false, and nothing changed: somebody else was first
   * @throws when the uuid belongs to a namespace of another name
   */
  put(namespace: Namespace): Promise<boolean>;
  /** By name. @param page.limit at most so many; 0: no bound */
  list(page: { limit: number; skip: number }): Promise<Namespace[]>;
  count(): Promise<number>;
  /**
   * Removes it, if it is in this state. Durable when it resolves.
   *
   * @returns false, and nothing changed: there is none, or it is in another state, or is another one of the name
   */
  remove(state: NamespaceState): Promise<boolean>;
}
