import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** What tells one content of a file from another; undefined when it is not there. */
export function hashOf(path: string): string | undefined {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("base64");
  } catch {
    // It is not there, or cannot be read: a state like others.
    return undefined;
  }
}
