import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** What tells one content of a file from another; undefined when it is not there, or not to be read: that, too, is a state which may change. */
export function hashOf(path: string): string | undefined {
  const content = contentOf(path);
  return content && createHash("sha256").update(content).digest("base64");
}

/** The lines of a file; none of one that an import or a message names and that is not there, or not any more. */
export function linesOf(path: string): readonly string[] {
  return contentOf(path)?.toString("utf8").split("\n") ?? [];
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
