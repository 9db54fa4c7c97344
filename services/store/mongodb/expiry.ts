import { MongoServerError } from "mongodb";
import { INDEX_NOT_FOUND, INDEX_OPTIONS_CONFLICT, NOT_IMPLEMENTED } from "./errors";

/** What is kept beyond a record's time: its start must be there as long as anybody may ask whether it was begun. Seconds. */
const BEYOND_RECORD = 24 * 60 * 60;

/** Changes indexes, as far as expiry needs it. A `Db` of the driver is one. */
export interface IndexChanges {
  collection(name: string): {
    createIndex(key: Record<string, 1>, options: { name: string; expireAfterSeconds?: number }): Promise<unknown>;
    dropIndex(name: string): Promise<unknown>;
  };
  command(command: { collMod: string; index: { name: string; expireAfterSeconds: number } }): Promise<unknown>;
}

/** Names of the indexes by which documents expire or are pruned, and for how long they stay after that time. */
const EXPIRIES = [
  { collection: "activations", field: "ended", beyond: 0 },
  { collection: "starts", field: "at", beyond: BEYOND_RECORD },
  { collection: "ends", field: "at", beyond: BEYOND_RECORD },
] as const;

/**
 * Makes the server remove records by itself, or no longer, as configured now; what was configured before is changed.
 *
 * @param retention seconds that a record stays after its end; undefined: for ever
 * @returns whether the server does it; false: it has no such indexes, or there is no retention
 */
export async function configureExpiry(database: IndexChanges, retention: number | undefined): Promise<boolean> {
  let byServer = retention !== undefined;
  for (const { collection, field, beyond } of EXPIRIES) {
    const seconds = retention === undefined ? undefined : retention + beyond;
    if (!(await configureIndex(database, collection, field, seconds))) byServer = false;
  }
  return byServer;
}

/** False: the server cannot expire documents; the index is there without. */
async function configureIndex(database: IndexChanges, name: string, field: string, seconds: number | undefined): Promise<boolean> {
  const collection = database.collection(name);
  const create = (expiry: { expireAfterSeconds?: number }) => collection.createIndex({ [field]: 1 }, { name: field, ...expiry });
  try {
    await create(seconds === undefined ? {} : { expireAfterSeconds: seconds });
  } catch (error) {
    if (hasCode(error, NOT_IMPLEMENTED)) {
      await create({});
      return false;
    }
    if (!hasCode(error, INDEX_OPTIONS_CONFLICT)) throw error;
    // It is there with another time, or with none. A time can be changed in place, but not taken away.
    if (seconds !== undefined) {
      await database.command({ collMod: name, index: { name: field, expireAfterSeconds: seconds } });
    } else {
      await collection.dropIndex(field).catch((failure: unknown) => {
        if (!hasCode(failure, INDEX_NOT_FOUND)) throw failure;
      });
      await create({});
    }
  }
  return true;
}

const hasCode = (error: unknown, code: number): boolean => error instanceof MongoServerError && error.code === code;
