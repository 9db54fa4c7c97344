import { type Db, type MongoClient, ReadConcern, ReadConcernLevel } from "mongodb";
import type { Logger } from "../../core/owner/context";
import type { Store } from "../../core/ports/store";
import { MongoActivations } from "./activations";
import { MongoCode } from "./code";
import { connect } from "./connection";
import { MongoDeadLetters } from "./deadLetters";
import { MongoEntities } from "./entities";
import { asking } from "./errors";
import { configureExpiry } from "./expiry";
import { MongoLeases } from "./leases";
import { MongoNamespaces } from "./namespaces";
import { type Collections, collectionsOf, createIndexes } from "./schema";
import { MongoStarts } from "./starts";

export interface MongoStoreOptions {
  /** `mongodb://…` or `mongodb+srv://…`, with credentials if there are any: they are shown nowhere. */
  url: string;
  /** Name of the database. Created with its indexes if it is not there. */
  database: string;
  /** Seconds that a record stays after its end; undefined: for ever. */
  retention?: number;
  logger?: Logger;
}

/**
 * Several processes may open the same database at the same time. The last one that opened it decides the retention.
 *
 * @throws DatabaseUnusableError when the URL is not valid, or the server refuses who asks
 * @throws WhiskError 503 when no server answers within some seconds
 */
export async function openMongoStore({ url, database, retention, logger }: MongoStoreOptions): Promise<MongoStore> {
  const { client, reach, replicated } = await connect(url, logger);
  try {
    // Where a server may lose what others do not have, nothing is read that could be taken back.
    const db = client.db(database, replicated ? { readConcern: new ReadConcern(ReadConcernLevel.majority) } : {});
    await asking(() => createIndexes(db));
    const expiresByItself = await asking(() => configureExpiry(db, retention));
    return new MongoStore(client, db, collectionsOf(db, reach), expiresByItself);
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** Everything that the platform keeps, in one MongoDB database. Use {@link openMongoStore}. */
export class MongoStore implements Store {
  readonly entities: MongoEntities;
  readonly code: MongoCode;
  readonly activations: MongoActivations;
  readonly starts: MongoStarts;
  readonly namespaces: MongoNamespaces;
  readonly deadLetters: MongoDeadLetters;
  readonly leases: MongoLeases;
  private closing?: Promise<void>;

  constructor(
    private readonly client: MongoClient,
    private readonly database: Db,
    collections: Collections,
    /** The server removes records when their time is over; otherwise somebody has to call `activations.prune`. */
    readonly expiresByItself: boolean,
  ) {
    this.entities = new MongoEntities(collections);
    this.code = new MongoCode(collections);
    this.activations = new MongoActivations(collections);
    this.starts = new MongoStarts(collections);
    this.namespaces = new MongoNamespaces(collections);
    this.deadLetters = new MongoDeadLetters(collections);
    this.leases = new MongoLeases(collections);
  }

  /** Whether the database answers. @throws WhiskError 503 when it does not */
  async ping(): Promise<void> {
    await asking(() => this.database.command({ ping: 1 }));
  }

  /** Removes the database with everything in it. */
  async drop(): Promise<void> {
    await asking(() => this.database.dropDatabase());
  }

  close(): Promise<void> {
    return (this.closing ??= this.shut());
  }

  private async shut(): Promise<void> {
    await Promise.all([this.activations.close(), this.starts.close()]);
    await this.client.close();
  }
}
