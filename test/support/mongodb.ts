import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { FerretDb, ferretDbProgram } from "./mongodb/ferretdb";
import { answers } from "./mongodb/ready";
import { TestServers } from "./testServer";

/** Servers of MongoDB's protocol for tests: one that is given by URL, FerretDB as the tools build it, or MongoDB's image. */
export const TestMongo = new TestServers({
  name: "mongodb",
  variable: "STACKWHISK_TEST_MONGODB_URL",
  missing: () => `There is no MongoDB server: neither ${ferretDbProgram()}`,
  isInstalled: () => existsSync(ferretDbProgram()),
  make: (folder) => FerretDb.make(folder),
  image: { image: "mongo:8", port: 27017, url: (port) => `mongodb://127.0.0.1:${port}/`, answers },
});

/** A name of a database that nobody else has. */
export const randomDatabase = () => `test-${randomBytes(6).toString("hex")}`;

/** `describe` for what needs a server of MongoDB's protocol: see {@link TestServers.describe}. */
export const describeWithMongo: TestServers["describe"] = (...args) => TestMongo.describe(...args);
