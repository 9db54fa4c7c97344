export { DatabaseUnusableError } from "./errors";
export { MongoLeases } from "./leases";
export { MongoStore, openMongoStore, type MongoStoreOptions } from "./store";
