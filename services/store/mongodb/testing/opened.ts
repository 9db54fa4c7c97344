import { randomDatabase, TestMongo } from "../../../../test/support/mongodb";
import type { OpenedStore } from "../../contract";
import { type MongoStore, openMongoStore } from "../store";

/** A store in a database of its own on the shared server. */
export async function openedStore(): Promise<OpenedStore & { store: MongoStore; url: string; database: string }> {
  const url = await TestMongo.shared();
  const database = randomDatabase();
  const open = () => openMongoStore({ url, database });
  let store = await open();
  return {
    store,
    url,
    database,
    reopen: async () => {
      await store.close();
      return (store = await open());
    },
    cleanup: async () => {
      await store.drop();
      await store.close();
    },
  };
}
