export { DirectoryInUseError, UnreadableStateError } from "./errors";
export { type DirectoryLock, lockDirectory } from "./directoryLock";
export { type Durability, openSqliteStore, SqliteStore, type SqliteStoreOptions } from "./store";
