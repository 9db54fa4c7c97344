export type { Durability } from "./batcher";
export { DirectoryInUseError, UnreadableStateError } from "./errors";
export { openSqliteStore, SqliteStore, type SqliteStoreOptions } from "./store";
