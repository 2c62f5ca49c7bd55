import { resolve } from "node:path";
import type { Awaitable } from "../../server/index.ts";
import { AuthError } from "../error.ts";
import { WatchedFile } from "../file/watched-file.ts";
import type { Journal } from "../journal.ts";
import type { KeyEntry } from "./parse.ts";
import { MAX_KEYS_LENGTH, parseAuthorizedKeys } from "./parse.ts";

/**
 * Where the authorized keys of a user come from, always in the format of OpenSSH's authorized_keys:
 * - `file`: a path for all users, or a function that gives each user's; `undefined` for a user who has none;
 * - `text`: the lines themselves, for all users;
 * - a function that gives the lines of a user, from a database perhaps; `undefined` for a user who has none.
 */
export type AuthorizedKeysSource =
  | { readonly file: string | ((username: string) => Awaitable<string | undefined>) }
  | { readonly text: string }
  | ((username: string) => Awaitable<string | undefined>);

/** Looks up the lines for a user. */
export type FindEntries = (username: string) => Awaitable<readonly KeyEntry[]>;

/** Files that are kept in memory at once; each is read again when it is needed and is not among them. */
const MAX_FILES = 256;
/** The same for lines that come from a function. */
const MAX_TEXTS = 64;
/** Lines that one file may complain of at once. */
const MAX_REPORTED = 20;

/** What looks up the lines for a user; what is wrong with them is said in the log. */
export function entriesOf(source: AuthorizedKeysSource, strictModes: boolean, journal: Journal): FindEntries {
  if (typeof source === "function") {
    // Faults of lines that are the same as before are not worth saying again at each login.
    const texts = new Map<string, readonly KeyEntry[]>();
    const parse = (text: string): readonly KeyEntry[] => parseText(text, "the lines of a user", journal);
    return async (username) => remembered(texts, (await source(username)) ?? "", MAX_TEXTS, parse);
  }
  if ("text" in source) {
    // Not before the log is known, and not again at each login.
    let entries: readonly KeyEntry[] | undefined;
    return () => (entries ??= parseText(source.text, "the option text", journal));
  }
  const { file } = source;
  const isOfAll = typeof file === "string";
  const files = new Map<string, WatchedFile<readonly KeyEntry[]>>();
  return async (username) => {
    if (typeof file !== "string" && !isPathSafe(username)) return [];
    const path = typeof file === "string" ? file : await file(username);
    if (path === undefined) return [];
    const found = remembered(files, resolve(path), MAX_FILES, (full) => watch(full, strictModes, isOfAll, journal));
    return (await found.value()) ?? [];
  };
}

/**
 * Whether a user name may stand in a path as one of its parts: it is no other part, does not go up, and has no meaning of
 * its own on any system.
 */
function isPathSafe(username: string): boolean {
  return /^[^./\\:~\p{Cc}-][^/\\:\p{Cc}]*$/u.test(username) && Buffer.byteLength(username) <= 255;
}

function watch(
  path: string,
  strictModes: boolean,
  isOfAll: boolean,
  journal: Journal,
): WatchedFile<readonly KeyEntry[]> {
  return new WatchedFile(path, {
    rules: { maxLength: MAX_KEYS_LENGTH, strictModes },
    // Who takes the file away takes the keys away.
    onFailure: "forget",
    parse: (bytes) => parseBytes(bytes, path, journal),
    failed: (error) => {
      // That a user has no file is nothing to speak of, and there are as many such names as somebody likes to try.
      if (!isOfAll && error instanceof AuthError && error.code === "FILE_MISSING") return;
      journal.warn("authorized keys not read", { file: path, why: error.message });
    },
  });
}

/** The map keeps its order of use: what has not been needed for longest goes first. */
function remembered<Value>(
  known: Map<string, Value>,
  name: string,
  most: number,
  make: (name: string) => Value,
): Value {
  const value = known.get(name) ?? make(name);
  known.delete(name);
  known.set(name, value);
  if (known.size > most) known.delete(known.keys().next().value!);
  return value;
}

function parseText(text: string, name: string, journal: Journal): readonly KeyEntry[] {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_KEYS_LENGTH) return parseBytes(bytes, name, journal);
  journal.warn("authorized keys not read", {
    file: name,
    why: `More than ${MAX_KEYS_LENGTH} bytes: none of it is used.`,
  });
  return [];
}

function parseBytes(bytes: Uint8Array, file: string, journal: Journal): readonly KeyEntry[] {
  const { entries, faults } = parseAuthorizedKeys(bytes);
  for (const { line, why } of faults.slice(0, MAX_REPORTED))
    journal.warn("authorized key not used", { file, line, why });
  if (faults.length > MAX_REPORTED) {
    journal.warn("authorized keys not used", { file, why: `${faults.length - MAX_REPORTED} more lines` });
  }
  return entries;
}
