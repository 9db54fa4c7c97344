export { DirectoryInUseError, UnreadableStateError } from "./errors";
export { type Durability, openSqliteStore, SqliteStore, type SqliteStoreOptions } from "./store";
