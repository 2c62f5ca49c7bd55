import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { ConfigError } from "../../server/index.ts";

/** All that a process gets to know: nothing of the server's, what belongs to the system as its path, and no home to look for files in. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  HOME: "/nonexistent",
  LANG: "C.UTF-8",
};

/**
 * Where a program of this machine is.
 *
 * @param given what the app says; a name is looked up on the path of this process.
 * @throws ConfigError `MISSING_PACKAGE` when it is not installed.
 */
export function findProgram(given: string, install: string): string {
  const candidates = isAbsolute(given)
    ? [given]
    : (process.env["PATH"] ?? "")
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, given));
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new ConfigError("MISSING_PACKAGE", `There is no program ${given} on this machine: ${install}.`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not for us: the next folder may have it
  }
}
