import { closeSync, constants, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { AccountError } from "../error.ts";
import { gone } from "./faults.ts";

/** The codes of the file system that say: not for you to write. */
const FORBIDDEN: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS"]);

/**
 * Makes an empty file for a store where there is none, for the owner alone, and its folder. The files that SQLite puts beside
 * it get the same mode.
 *
 * @throws {AccountError} `STORE_READ_ONLY`, `STORE_UNAVAILABLE`.
 */
export function makeFile(path: string): void {
  try {
    makeFolder(dirname(path));
    closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NONBLOCK ?? 0), 0o600));
  } catch (error) {
    const code = codeOf(error);
    throw FORBIDDEN.has(code)
      ? new AccountError(
          "STORE_READ_ONLY",
          `The account store ${path} cannot be written (${code}): let the server's user write the file and its folder.`,
          { cause: error },
        )
      : new AccountError("STORE_UNAVAILABLE", `The account store ${path} cannot be opened (${code}): check the path.`, {
          cause: error,
        });
  }
}

/** Makes a folder and those above it. The option `recursive` of Node would try for ever where none can be made, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process that starts at the same time may have been faster.
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

/**
 * What tells a file from another that is put in its place.
 *
 * @throws {AccountError} `STORE_UNAVAILABLE` when there is none.
 */
export function identityOf(path: string): string {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (facts?.isFile() !== true) throw gone(path);
  return `${facts.dev}:${facts.ino}`;
}

/** The same of the log of changes that SQLite keeps beside a file (WAL); undefined when there is none. */
export function logOf(path: string): string | undefined {
  const facts = statSync(`${path}-wal`, { bigint: true, throwIfNoEntry: false });
  return facts && `${facts.dev}:${facts.ino}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
