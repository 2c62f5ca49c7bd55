import { opendir } from "node:fs";
import type { Dir, Dirent } from "node:fs";
import type { DirectoryEntry } from "../file-system.ts";
import { decodePath } from "../path.ts";
import { listedAt } from "./attributes.ts";
import { call, perform } from "./calls.ts";
import type { HeldDirectory } from "./held-directory.ts";
import { isInUse } from "./temporary.ts";

/**
 * How many names the system is asked for at a time, and are looked at together: threads that find work waiting do not go to sleep. With 64 a
 * listing takes a fifth more of CPU (Node 24, two processors).
 */
const NAMES = 256;

/**
 * The entries of a directory as they are asked for, at most twice {@link NAMES} ahead, so that a listing takes the same memory however long it is.
 * What goes away meanwhile is left out.
 *
 * @param open gives the directory, for use; released when the listing ends or is left.
 */
export async function* entriesOf(open: () => Promise<HeldDirectory>): AsyncGenerator<DirectoryEntry, void, undefined> {
  const directory = await open();
  try {
    // A byte in each character: a name that is not UTF-8 comes whole.
    const dir = await call<Dir>((done) => opendir(directory.link, { encoding: "latin1", bufferSize: NAMES }, done));
    let next = lookAhead(directory, dir);
    try {
      for (let entries = await next; entries !== undefined; entries = await next) {
        next = lookAhead(directory, dir);
        for (const entry of entries) yield entry;
      }
    } finally {
      // What is still looked for needs the directory.
      await next.catch(() => undefined);
      await perform((done) => dir.close(done));
    }
  } finally {
    directory.release();
  }
}

/** The next entries, while those before are on their way to the client; undefined at the end. */
function lookAhead(directory: HeldDirectory, dir: Dir): Promise<DirectoryEntry[] | undefined> {
  const entries = nextNames(dir).then((names) => (names.length === 0 ? undefined : entriesAt(directory, names)));
  // It is heard of when its turn comes.
  entries.catch(() => undefined);
  return entries;
}

/** The next names, of which some may be gone by now; none is the end. One promise for all, as one for each costs as much as the name. */
async function nextNames(dir: Dir): Promise<string[]> {
  const names = await call<string[]>((done) => {
    const found: string[] = [];
    const take = (error: NodeJS.ErrnoException | null, entry: Dirent | null): void => {
      if (error !== null || entry === null) return done(error, found);
      if (!isInUse(entry.name)) found.push(entry.name);
      if (found.length < NAMES) dir.read(take);
      else done(null, found);
    };
    dir.read(take);
  });
  return names.map((name) => (isAscii(name) ? name : decodePath(Buffer.from(name, "latin1"))));
}

/** What these names have. All of them are waited for, whatever becomes of one: the directory is held until then. */
function entriesAt(directory: HeldDirectory, names: readonly string[]): Promise<DirectoryEntry[]> {
  return call((done) => {
    const found: (DirectoryEntry | undefined)[] = names.map(() => undefined);
    let left = names.length;
    let fault: NodeJS.ErrnoException | null = null;
    for (const [at, name] of names.entries()) {
      listedAt(directory.at(name), (error, attributes) => {
        if (attributes !== undefined) found[at] = { name, attributes };
        else if (error?.code !== "ENOENT") fault ??= error;
        left -= 1;
        if (left > 0) return;
        const there = found.filter((entry) => entry !== undefined);
        done(fault, there);
      });
    }
  });
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
