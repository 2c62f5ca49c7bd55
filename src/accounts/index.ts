/** Accounts for an app that has none of its own: who there is, how they log in, and what each of them may do. */
export { AccountError } from "./error.ts";
export type { AccountErrorCode } from "./error.ts";
export type { AccountPage, AccountRow, AccountStore, HistoryLine, LoginRecord } from "./store/store.ts";
export { memoryStore } from "./store/memory.ts";
export { sqliteStore } from "./sqlite/sqlite-store.ts";
export type { SqliteStoreOptions } from "./sqlite/sqlite-store.ts";
export { postgresStore } from "./postgres/store.ts";
export type { PostgresStoreOptions } from "./postgres/options.ts";
