import type { Binary, Db, IndexSpecification } from "mongodb";
import type { ActionRef } from "../../core/messages";
import type { Namespace } from "../../core/ports/store";
import type { Body } from "./body";
import { Documents } from "./documents";
import type { Reach } from "./reach";

/** `_id` is `<key>#<rev>`: who inserts it first has that number. Never changed. */
export interface RevisionDocument {
  _id: string;
  key: string;
  rev: number;
  deleted: boolean;
  body: Body;
}

/** The newest revision of a key, for lists. `_id` is the key. "" stands for no package or trigger: an index can answer that. */
export interface HeadDocument {
  _id: string;
  rev: number;
  deleted: boolean;
  namespace: string;
  collection: string;
  package: string;
  /** Milliseconds since 1970. */
  updated: number;
  trigger: string;
}

/** That all chunks of a code are there. `_id` is its SHA-256. */
export interface CodeDocument {
  _id: string;
  chunks: number;
  /** Bytes of each chunk but the last. */
  chunkSize: number;
}

/** `_id` is `<sha>/<size of chunks>/<n>`. */
export interface ChunkDocument {
  _id: string;
  data: Binary;
}

/** `_id` is the activation id. */
export interface ActivationDocument {
  _id: string;
  namespace: string;
  /** `name` or `package/name`. */
  name: string;
  /** Milliseconds since 1970. */
  start: number;
  ended: Date;
  body: Body;
}

/** `_id` is `<activation id>/<attempt>`. */
export interface StartDocument {
  _id: string;
  activation: string;
  invoker: string;
  at: Date;
  action?: ActionRef;
}

/** `_id` is `<activation id>/<attempt>`. */
export interface EndDocument {
  _id: string;
  activation: string;
  at: Date;
  body: Body;
}

/** `_id` is the name. */
export type NamespaceDocument = { _id: string } & Omit<Namespace, "name">;

/** As versions before wrote it: one key, as its hash alone. `_id` is the name. */
export interface FirstNamespaceDocument {
  _id: string;
  uuid: string;
  keyHash: string;
  subject: string;
}

/** `_id` is `<namespace>/<activation id>`. */
export interface DeadLetterDocument {
  _id: string;
  namespace: string;
  /** Milliseconds since 1970. */
  at: number;
  body: Body;
}

/** `_id` is the instance's id. */
export interface InstanceDocument {
  _id: string;
  role: "controller" | "invoker";
  beat: number;
  admin: string | null;
}

/** The collections by their names in the database. */
export interface Collections {
  revisions: Documents<RevisionDocument>;
  heads: Documents<HeadDocument>;
  code: Documents<CodeDocument>;
  codeChunks: Documents<ChunkDocument>;
  activations: Documents<ActivationDocument>;
  starts: Documents<StartDocument>;
  ends: Documents<EndDocument>;
  namespaces: Documents<NamespaceDocument>;
  deadLetters: Documents<DeadLetterDocument>;
  instances: Documents<InstanceDocument>;
}

interface Index {
  name: string;
  key: Record<string, 1 | -1>;
  unique?: boolean;
}

/**
 * One for every list and filter: what is compared, then the order, then what a page of ids needs besides. Those by time of
 * expiry are in expiry.ts.
 */
const INDEXES: Partial<Record<keyof Collections, Index[]>> = {
  heads: [
    { name: "listed", key: { namespace: 1, collection: 1, deleted: 1, updated: -1, _id: -1, rev: 1 } },
    { name: "packaged", key: { namespace: 1, collection: 1, deleted: 1, package: 1, updated: -1, _id: -1, rev: 1 } },
    { name: "rules", key: { trigger: 1, deleted: 1, _id: 1, rev: 1 } },
  ],
  activations: [
    { name: "listed", key: { namespace: 1, start: -1, _id: -1 } },
    { name: "named", key: { namespace: 1, name: 1, start: -1, _id: -1 } },
  ],
  starts: [{ name: "activation", key: { activation: 1 } }],
  ends: [{ name: "activation", key: { activation: 1 } }],
  namespaces: [{ name: "uuid", key: { uuid: 1 }, unique: true }],
  deadLetters: [{ name: "listed", key: { namespace: 1, at: -1, _id: -1 } }],
};

/** Their names in the database. */
export const COLLECTIONS: readonly (keyof Collections)[] = [
  "revisions",
  "heads",
  "code",
  "codeChunks",
  "activations",
  "starts",
  "ends",
  "namespaces",
  "deadLetters",
  "instances",
];

export function collectionsOf(database: Db, reach: Reach): Collections {
  return Object.fromEntries(COLLECTIONS.map((name) => [name, new Documents(database.collection<{ _id: string }>(name), reach)])) as unknown as Collections;
}

/** Creates what is missing; several processes may do that at the same time. */
export async function createIndexes(database: Db): Promise<void> {
  for (const [collection, indexes] of Object.entries(INDEXES)) {
    for (const { key, ...options } of indexes) await database.collection(collection).createIndex(key as IndexSpecification, options);
  }
}
