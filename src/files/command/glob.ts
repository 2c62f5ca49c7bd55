import { FileError } from "../error.ts";
import type { FileSystem } from "../file-system.ts";
import { lstatOf } from "../optional.ts";
import { joinPath, normalizePath } from "../path.ts";

/** More names than this are not meant, or not to be held. */
const MAX_MATCHES = 10_000;

/**
 * The paths that a pattern stands for, as a POSIX shell has it: `*`, `?` and `[…]` within a component, in the order of their
 * characters; what begins with a dot only for a pattern that does. None: nothing matches.
 *
 * @param pattern in which `\` takes the meaning of the next character away.
 * @throws FileError `INVALID` for more than 10,000 matches or a path that is none.
 */
export async function expandPattern(fileSystem: FileSystem, pattern: string, base: string): Promise<string[]> {
  let paths = [pattern.startsWith("/") ? "/" : base];
  for (const component of pattern.split("/")) {
    if (component === "") continue;
    const literal = literalOf(component);
    const expanded: string[] = [];
    for (const path of paths) {
      const found = literal === undefined ? await matches(fileSystem, path, component) : [normalizePath(literal, path)];
      for (const one of found) expanded.push(one);
      assertFew(expanded);
    }
    paths = expanded;
  }
  // A last component without wildcards was joined unseen.
  const isThere: string[] = [];
  for (const path of paths) {
    if (await exists(fileSystem, path)) isThere.push(path);
  }
  return isThere;
}

/** Whether a name matches a pattern of one component; in time of the one's length times the other's. */
export function matchesPattern(pattern: string, name: string): boolean {
  const parts = partsOf(pattern);
  const characters = Array.from(name);
  if (characters[0] === "." && parts[0] !== ".") return false;
  let part = 0;
  let at = 0;
  // Where the last star stands, and how much of the name it has taken.
  let star = -1;
  let taken = 0;
  while (at < characters.length) {
    const current = parts[part];
    if (current === STAR) {
      star = part++;
      taken = at;
    } else if (current !== undefined && fits(current, characters[at]!)) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++taken;
    } else {
      return false;
    }
  }
  while (parts[part] === STAR) part++;
  return part === parts.length;
}

interface Range {
  readonly from: string;
  readonly to: string;
}
interface Class {
  readonly negated: boolean;
  readonly ranges: readonly Range[];
}
const STAR = Symbol("*");
const ANY = Symbol("?");
/** A character that stands for itself, or what stands for others. */
type Part = string | typeof STAR | typeof ANY | Class;

function fits(part: Part, character: string): boolean {
  if (part === ANY) return true;
  if (typeof part !== "object") return part === character;
  return part.ranges.some(({ from, to }) => from <= character && character <= to) !== part.negated;
}

function partsOf(pattern: string): Part[] {
  const characters = Array.from(pattern);
  const parts: Part[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    if (character === "\\" && at + 1 < characters.length) parts.push(characters[++at]!);
    else if (character === "*") parts.push(STAR);
    else if (character === "?") parts.push(ANY);
    else if (character === "[") {
      const read = readClass(characters, at + 1);
      parts.push(read?.found ?? "[");
      at = read?.end ?? at;
    } else parts.push(character);
  }
  return parts;
}

/** What stands in brackets; undefined when they are never closed, and the first is a character like others. */
function readClass(characters: readonly string[], start: number): { found: Class; end: number } | undefined {
  const negated = characters[start] === "!" || characters[start] === "^";
  const first = negated ? start + 1 : start;
  const ranges: Range[] = [];
  for (let at = first; at < characters.length; at++) {
    if (characters[at] === "]" && at > first) return { found: { negated, ranges }, end: at };
    if (characters[at] === "\\") at++;
    const from = characters[at];
    if (from === undefined) return undefined;
    const isRange = characters[at + 1] === "-" && at + 2 < characters.length && characters[at + 2] !== "]";
    if (isRange) at += characters[at + 2] === "\\" ? 3 : 2;
    ranges.push({ from, to: characters[at] ?? from });
  }
  return undefined;
}

/** A component without wildcards, without its backslashes. */
function literalOf(component: string): string | undefined {
  const parts = partsOf(component);
  return parts.every((part) => typeof part === "string") ? parts.join("") : undefined;
}

async function matches(fileSystem: FileSystem, directory: string, pattern: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name } of fileSystem.readdir(directory)) {
      if (!matchesPattern(pattern, name)) continue;
      found.push(joinPath(directory, name));
      assertFew(found);
    }
  } catch (error) {
    // As in a shell, what is no directory, or cannot be listed, has no matches.
    if (!(error instanceof FileError) || error.code === "INVALID") throw error;
  }
  return found.toSorted((a, b) => (a < b ? -1 : 1));
}

function assertFew(found: readonly string[]): void {
  if (found.length > MAX_MATCHES) throw new FileError("INVALID", "The pattern matches more than 10,000 names");
}

async function exists(fileSystem: FileSystem, path: string): Promise<boolean> {
  try {
    await lstatOf(fileSystem, path);
    return true;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}
