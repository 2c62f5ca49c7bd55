import { FileError } from "../error.ts";

/** Tells the log what a file system threw that is no {@link FileError}. @param operation what it was doing. */
export type FaultLog = (operation: string, error: unknown) => void;

/** What the client reads of an error: of one that is no {@link FileError}, nothing. */
export function textOf(error: unknown, log: FaultLog): string {
  if (error instanceof FileError) return error.message;
  log("scp", error);
  return new FileError("FAILURE").message;
}
