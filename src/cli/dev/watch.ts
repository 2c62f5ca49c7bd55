import type { FSWatcher } from "node:fs";
import { readdirSync, watch } from "node:fs";
import { basename, dirname, join } from "node:path";
import { hashOf } from "../../sources/index.ts";

/** How long nothing more has to happen until what has happened is looked at, in milliseconds. Editors write in several steps. */
const QUIET = 60;
/** How long it may go on happening until it is looked at all the same, in milliseconds. */
const RESTLESS = 600;
/** How long a file may be away until it counts as removed, in milliseconds: some editors remove it and write it anew. */
const AWAY = 250;
/** How often folders are looked at that the system cannot watch, in milliseconds. */
const POLL = 1000;

/**
 * Watches files for other contents, and folders for other entries. It watches the folders that files lie in: a file that an
 * editor replaces by renaming another is a new one, of which a watch of the old would not hear.
 */
export class Watch implements Disposable {
  readonly #changed: (paths: ReadonlySet<string>) => void;
  readonly #files: Map<string, string | undefined> = new Map();
  readonly #folders: Map<string, string> = new Map();
  readonly #watchers: Map<string, FSWatcher> = new Map();
  /** Folders that there is no watching: they are gone, or the system has no more watches. */
  readonly #lost: Set<string> = new Set();
  #quiet: NodeJS.Timeout | undefined;
  /** When that was set which has not been looked at yet. */
  #since: number | undefined;
  #poll: NodeJS.Timeout | undefined;
  #isOver = false;

  /** @param changed hears of the files and folders that are not what they were. */
  constructor(changed: (paths: ReadonlySet<string>) => void) {
    this.#changed = changed;
  }

  /** Watches a file from the content on that has this hash. */
  addFile(path: string, hash: string | undefined): void {
    this.#files.set(path, hash);
    this.#watchFolder(dirname(path));
    if (hash !== hashOf(path)) this.#look(QUIET);
  }

  /** Watches which entries a folder has. */
  addFolder(path: string): void {
    if (this.#folders.has(path)) return;
    this.#folders.set(path, entriesOf(path));
    this.#watchFolder(path);
  }

  has(path: string): boolean {
    return this.#files.has(path) || this.#folders.has(path);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#quiet);
    clearInterval(this.#poll);
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  #watchFolder(folder: string): void {
    if (this.#watchers.has(folder) || this.#isOver) return;
    try {
      const watcher = watch(folder, (_, name) => {
        // An app may write much beside its files: a database, a log. Its own name is what a folder tells when it is removed.
        const isOurs = name === null || name === basename(folder) || this.has(join(folder, name));
        if (isOurs || this.#folders.has(folder)) this.#look(QUIET);
      });
      watcher.on("error", () => this.#lose(folder));
      this.#watchers.set(folder, watcher);
      this.#lost.delete(folder);
    } catch {
      // It does not exist yet or any more, or there are no watches left: then it is looked at now and then.
      this.#lose(folder);
    }
  }

  #lose(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
    this.#lost.add(folder);
    this.#poll ??= setInterval(() => this.#pollLost(), POLL).unref();
  }

  #pollLost(): void {
    for (const folder of this.#lost) this.#watchFolder(folder);
    this.#look(QUIET);
    if (this.#lost.size > 0) return;
    clearInterval(this.#poll);
    this.#poll = undefined;
  }

  #look(after: number): void {
    if (this.#isOver) return;
    this.#since ??= Date.now();
    if (after === QUIET && this.#quiet !== undefined && Date.now() - this.#since > RESTLESS) return;
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      this.#since = undefined;
      this.#compare(after === AWAY);
    }, after);
  }

  /** @param isLast whether what is away now has been given the time to come back. */
  #compare(isLast: boolean): void {
    const changed = new Set<string>();
    let isAway = false;
    for (const [path, before] of this.#files) {
      const now = hashOf(path);
      if (now === before) continue;
      if (now === undefined && !isLast) {
        isAway = true;
        continue;
      }
      this.#files.set(path, now);
      changed.add(path);
    }
    for (const [path, before] of this.#folders) {
      const now = entriesOf(path);
      if (now === before) continue;
      // A folder in which a file is just being replaced has other entries for that time.
      if (!isLast) {
        isAway = true;
        continue;
      }
      this.#folders.set(path, now);
      changed.add(path);
    }
    // A watch of a folder that was removed stays with the one that is gone, even if there is another of that name.
    for (const [folder, watcher] of this.#watchers) {
      if (entriesOf(folder) !== GONE) continue;
      watcher.close();
      this.#lose(folder);
    }
    if (isAway) this.#look(AWAY);
    if (changed.size > 0) this.#changed(changed);
  }
}

const GONE = "/";

function entriesOf(folder: string): string {
  try {
    return readdirSync(folder).sort().join("/");
  } catch {
    // There is no such folder, at least now.
    return GONE;
  }
}
