import { MongoClient } from "mongodb";
import { until } from "../until";

/** Resolves when the server answers. @param running tells whether waiting makes sense */
export async function answers(url: string, running: () => boolean): Promise<void> {
  await until(`a MongoDB server at ${new URL(url).host}`, async () => {
    if (!running()) throw new Error(`The MongoDB server for ${new URL(url).host} has ended while it started.`);
    const client = new MongoClient(url, { serverSelectionTimeoutMS: 2_000 });
    try {
      await client.db("admin").command({ ping: 1 });
      return true;
    } catch {
      return false;
    } finally {
      await client.close();
    }
  }, 60_000);
}
