import { opendir } from "node:fs";
import type { Dir, Dirent } from "node:fs";
import { failedWith } from "../error.ts";
import type { DirectoryEntry } from "../file-system.ts";
import { decodePath } from "../path.ts";
import { listedAt } from "./attributes.ts";
import { call, perform } from "./calls.ts";
import type { HeldDirectory } from "./held-directory.ts";
import { isInUse } from "./temporary.ts";

/** How many names the system is asked for at a time, and how many of them are looked at together. */
const NAMES = 256;
const TOGETHER = 64;

/**
 * The entries of a directory as they are asked for, at most {@link NAMES} ahead, so that a listing takes the same memory however long it is.
 * What goes away meanwhile is left out.
 *
 * @param open gives the directory, for use; released when the listing ends or is left.
 */
export async function* entriesOf(open: () => Promise<HeldDirectory>): AsyncGenerator<DirectoryEntry, void, undefined> {
  const directory = await open();
  try {
    // A byte in each character: a name that is not UTF-8 comes whole.
    const dir = await call<Dir>((done) => opendir(directory.link, { encoding: "latin1", bufferSize: NAMES }, done));
    try {
      for (let names = await nextNames(dir); names.length > 0; names = await nextNames(dir)) {
        // All of them are waited for, whatever becomes of one: the directory is held until then.
        const found = await Promise.all(names.map((name) => entryOf(directory, name)));
        for (const entry of found) {
          if (entry instanceof Error) throw entry;
          if (entry !== undefined) yield entry;
        }
      }
    } finally {
      await perform((done) => dir.close(done));
    }
  } finally {
    directory.release();
  }
}

async function nextNames(dir: Dir): Promise<string[]> {
  const names: string[] = [];
  while (names.length < TOGETHER) {
    const entry = await call<Dirent | null>((done) => dir.read(done));
    if (entry === null) break;
    if (!isInUse(entry.name)) names.push(entry.name);
  }
  return names.map((name) => (isAscii(name) ? name : decodePath(Buffer.from(name, "latin1"))));
}

async function entryOf(directory: HeldDirectory, name: string): Promise<DirectoryEntry | Error | undefined> {
  try {
    return { name, attributes: await listedAt(directory.at(name)) };
  } catch (error) {
    return failedWith(error, "NOT_FOUND") ? undefined : (error as Error);
  }
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
