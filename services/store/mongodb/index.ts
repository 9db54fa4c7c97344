export { redacted } from "./connection";
export { contentsOf, dropDatabase, instancesIn, type Contents, type DatabaseOfPlatform } from "./contents";
export { DatabaseUnusableError } from "./errors";
export { MongoLeases } from "./leases";
export { MongoStore, openMongoStore, type MongoStoreOptions } from "./store";
