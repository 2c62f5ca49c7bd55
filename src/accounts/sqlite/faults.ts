import type { AccountErrorCode } from "../error.ts";
import { AccountError } from "../error.ts";

/** Result codes of SQLite by their numbers (https://sqlite.org/rescode.html), without what extends them. */
const BUSY = 5;
const LOCKED = 6;
const CONSTRAINT = 19;
/** SQLITE_READONLY_DBMOVED: the file is not where it was. */
const MOVED = 1032;

/** What each result code means for accounts, and what to do. What is not in the table cannot be helped at present. */
const MEANINGS: ReadonlyMap<number, readonly [code: AccountErrorCode, what: string]> = new Map([
  [BUSY, ["STORE_UNAVAILABLE", "is being written by another process for too long: try again"]],
  [LOCKED, ["STORE_UNAVAILABLE", "is being written by another process for too long: try again"]],
  [8, ["STORE_READ_ONLY", "cannot be written: let the server's user write the file and its folder"]],
  [10, ["STORE_UNAVAILABLE", "cannot be read or written: look after the disk"]],
  [11, ["STORE_CORRUPT", "is damaged: restore it from a backup, and remove the files -wal and -shm of the old one"]],
  [13, ["STORE_UNAVAILABLE", "cannot grow, as the disk is full: make room"]],
  [14, ["STORE_UNAVAILABLE", "cannot be opened: check the path, and that the server's user may write its folder"]],
  [26, ["STORE_CORRUPT", "is no database: restore it from a backup, or give the path of another file"]],
]);

/** What SQLite said, as a number; undefined for an error that is not its own. */
function resultCode(error: unknown): number | undefined {
  const isSqlite = error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
  return isSqlite && "errcode" in error && typeof error.errcode === "number" ? error.errcode : undefined;
}

/** Whether another process held a lock, which it will let go. */
export function isBusy(error: unknown): boolean {
  const code = (resultCode(error) ?? 0) & 0xff;
  return code === BUSY || code === LOCKED;
}

/** Whether a row was refused because another has its key. */
export function isTaken(error: unknown): boolean {
  return ((resultCode(error) ?? 0) & 0xff) === CONSTRAINT;
}

/** The error for accounts that an error of the database, or of the file system, amounts to. */
export function faultOf(error: unknown, path: string): unknown {
  if (error instanceof AccountError) return error;
  const result = resultCode(error);
  if (result === MOVED) return gone(path, error);
  if (result !== undefined) {
    const [code, what] = MEANINGS.get(result & 0xff) ?? ["STORE_UNAVAILABLE", `cannot be used (SQLite says ${result})`];
    return new AccountError(code, `The account store ${path} ${what}.`, { cause: error });
  }
  return error;
}

/** The file that was open is not at its path any more. */
export function gone(path: string, cause?: unknown): AccountError {
  return new AccountError("STORE_UNAVAILABLE", `The account store ${path} is gone: put the file back.`, { cause });
}

/** Another file has taken its place, and the log of changes beside it is the old one's. */
export function replaced(path: string): AccountError {
  return new AccountError(
    "STORE_UNAVAILABLE",
    `The account store ${path} was replaced, and beside it are changes of the one before: stop what uses it, remove ${path}-wal and ${path}-shm, and start again.`,
  );
}
