import type { Db } from "mongodb";
import { connect } from "./connection";
import { asking } from "./errors";
import { COLLECTIONS, type InstanceDocument, type NamespaceDocument } from "./schema";

/** Where a database is, and a namespace by which a platform knows its own: no other has that uuid. */
export interface DatabaseOfPlatform {
  url: string;
  database: string;
  namespace: { name: string; uuid: string };
}

/** Whose a database is: nobody's, this platform's, or that of something else. */
export type Contents = "nothing" | "ours" | "foreign";

/**
 * Looks at a database without changing it.
 *
 * @throws DatabaseUnusableError when the URL is not valid, or the server refuses who asks
 * @throws WhiskError 503 when no server answers within some seconds
 */
export function contentsOf(of: DatabaseOfPlatform): Promise<Contents> {
  return withDatabase(of, (database) => inspect(database, of.namespace));
}

/** Ids of its processes, as far as their signs of life are still there: also of those that were killed. */
export function instancesIn(of: DatabaseOfPlatform): Promise<string[]> {
  return withDatabase(of, async (database) => (await database.collection<InstanceDocument>("instances").find({}).toArray()).map(({ _id }) => _id));
}

/** Removes the database of a platform; one that is something else's stays. @returns what was there */
export function dropDatabase(of: DatabaseOfPlatform): Promise<Contents> {
  return withDatabase(of, async (database) => {
    const contents = await inspect(database, of.namespace);
    if (contents === "ours") await database.dropDatabase();
    return contents;
  });
}

async function withDatabase<T>({ url, database }: DatabaseOfPlatform, use: (database: Db) => Promise<T>): Promise<T> {
  const { client } = await connect(url);
  try {
    return await asking(() => use(client.db(database)));
  } finally {
    await client.close();
  }
}

async function inspect(database: Db, { name, uuid }: DatabaseOfPlatform["namespace"]): Promise<Contents> {
  const present = await database.listCollections({}, { nameOnly: true }).toArray();
  if (present.length === 0) return "nothing";
  const known = new Set<string>(COLLECTIONS);
  if (present.some((collection) => !known.has(collection.name) && !collection.name.startsWith("system."))) return "foreign";
  const namespaces = database.collection<NamespaceDocument>("namespaces");
  const found = await namespaces.findOne({ _id: name });
  // A start that was cut short has made collections, and no namespace yet.
  if (!found) return (await namespaces.findOne({})) ? "foreign" : "ours";
  return found.uuid === uuid ? "ours" : "foreign";
}
