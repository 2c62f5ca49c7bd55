import type { FileSystem } from "../file-system.ts";
import { normalizePath } from "../path.ts";
import { expandPattern } from "./glob.ts";
import type { Word } from "./words.ts";

/**
 * The paths that a word of a command line stands for, with a wildcard perhaps.
 *
 * @param home where relative paths begin.
 * @throws FileError `INVALID` as {@link expandPattern} does.
 */
export async function pathsOf(files: FileSystem, word: Word, home: string): Promise<string[]> {
  const matches = word.pattern === undefined ? [] : await expandPattern(files, withoutTilde(word.pattern), home);
  // As a shell does: a pattern that matches nothing is the name of a file, which then is not there.
  return matches.length > 0 ? matches : [pathOf(word, home)];
}

/** The one path that a word stands for. @throws FileError `INVALID` for what is no path. */
export function pathOf({ text }: Word, home: string): string {
  return normalizePath(withoutTilde(text), home);
}

/** `~` and `~/…` are where relative paths begin, too. */
export function withoutTilde(path: string): string {
  return path === "~" || path.startsWith("~/") ? path.slice(2) : path;
}
