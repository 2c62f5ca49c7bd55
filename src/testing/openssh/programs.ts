import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Way } from "../options.ts";

const NEEDED: Readonly<Record<Way, readonly string[]>> = { memory: [], ssh: ["ssh", "python3"] };

/**
 * Says what this machine lacks for a way in, or false: the `skip` of a test.
 *
 *     test("over OpenSSH", { skip: unavailable("ssh") }, async () => { … });
 */
export function unavailable(way: Way): string | false {
  const missing = NEEDED[way].filter((name) => !isOnPath(name));
  return missing.length > 0 && `${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} not installed`;
}

/** Whether a program of this name is where programs are looked for. */
export function isOnPath(name: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => isExecutable(join(folder, name)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not for us: the next folder may have it
  }
}
