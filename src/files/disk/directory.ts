import { closeSync, link, mkdir, rename, rmdir, statfs, symlink, unlink } from "node:fs";
import type { Awaitable } from "../../server/index.ts";
import { failedWith, FileError, unlessMissing } from "../error.ts";
import type {
  ChangedAttributes,
  DirectoryEntry,
  FileAttributes,
  FileHandle,
  FileSystem,
  FileSystemUsage,
  LocalDirectory,
  OpenFlags,
} from "../file-system.ts";
import { encodePath } from "../path.ts";
import {
  attributesAt,
  attributesOf,
  change,
  heldTarget,
  linkTarget,
  modeOfNew,
  toAttributes,
  typeOf,
  usageOf,
} from "./attributes.ts";
import { call, perform } from "./calls.ts";
import { hold, IS_LINK, Jail } from "./jail.ts";
import type { Place } from "./jail.ts";
import { targetOnDisk } from "./links.ts";
import { entriesOf } from "./listing.ts";
import { openFile } from "./opening.ts";
import { resolveDirectoryOptions, resolveRoot } from "./rules.ts";
import type { DirectoryOptions, DirectoryRules } from "./rules.ts";

/**
 * A directory on the disk as a {@link FileSystem}, which clients cannot leave: `..`, links, and directories that are
 * swapped for links in the moment of opening lead nowhere outside. Files are read and written with the rights of the process.
 *
 * Regular files are opened, links and directories are made and listed; devices, pipes and sockets are listed only. No file gets setuid or
 * setgid from a client. Needs Linux with `/proc`.
 *
 *     serveFiles(ssh, { fileSystem: (client) => directory(`/srv/files/${client.user.id}`) });
 *
 * @param root the directory; links on the way to it are followed once, now.
 * @throws ConfigError `BAD_OPTION`, `UNKNOWN_OPTION`, `UNSUPPORTED_SYSTEM`.
 */
export function directory(root: string, options: DirectoryOptions = {}): DirectoryFileSystem {
  const rules = resolveDirectoryOptions(options);
  return new DirectoryFileSystem(new Jail(resolveRoot(root, rules.create)), rules);
}

/** What {@link directory} gives. */
export class DirectoryFileSystem implements FileSystem {
  /** Only with the option `ownerName`. */
  readonly userName?: (uid: number) => Awaitable<string | undefined>;
  /** Only with the option `ownerName`. */
  readonly groupName?: (gid: number) => Awaitable<string | undefined>;
  readonly #jail: Jail;
  readonly #rules: DirectoryRules;

  constructor(jail: Jail, rules: DirectoryRules) {
    this.#jail = jail;
    this.#rules = rules;
    const { ownerName } = rules;
    if (ownerName === undefined) return;
    this.userName = (uid) => ownerName("user", uid);
    this.groupName = (gid) => ownerName("group", gid);
  }

  stat(path: string): Promise<FileAttributes> {
    return this.#jail.following(path, async ({ native }) => {
      const stats = await attributesAt(native);
      return typeOf(stats) === "symlink" ? IS_LINK : toAttributes(stats);
    });
  }

  lstat(path: string): Promise<FileAttributes> {
    return this.#jail.at(path, async ({ native }) => toAttributes(await attributesAt(native)));
  }

  readdir(path: string): AsyncGenerator<DirectoryEntry, void, undefined> {
    return entriesOf(() => this.#jail.directory(path));
  }

  open(path: string, flags: OpenFlags, attributes: ChangedAttributes): Promise<FileHandle> {
    return this.#jail.following(path, (place) => openFile(this.#jail, place, flags, attributes, this.#rules));
  }

  realpath(path: string): Promise<string> {
    return this.#jail.following(path, async (place) => {
      const stats = await unlessMissing(() => attributesAt(place.native));
      return stats !== undefined && typeOf(stats) === "symlink" ? IS_LINK : place.path;
    });
  }

  setstat(path: string, changed: ChangedAttributes): Promise<void> {
    return this.#jail.following(path, (place) => this.#change(place, changed));
  }

  lsetstat(path: string, changed: ChangedAttributes): Promise<void> {
    return this.#jail.at(path, async (place) => {
      if ((await this.#change(place, changed)) !== IS_LINK) return;
      await change(linkTarget(place.native), await attributesAt(place.native), changed, this.#rules);
    });
  }

  mkdir(path: string, attributes: ChangedAttributes): Promise<void> {
    const mode = modeOfNew(attributes, this.#rules.umask, 0o777);
    return this.#jail.at(path, ({ native }) => perform((done) => mkdir(native, mode, done)));
  }

  rmdir(path: string): Promise<void> {
    return this.#jail.at(path, ({ native }) => perform((done) => rmdir(native, done)));
  }

  unlink(path: string): Promise<void> {
    return this.#jail.at(path, ({ native }) => perform((done) => unlink(native, done)));
  }

  rename(from: string, to: string, { replace }: { readonly replace: boolean }): Promise<void> {
    return this.#between(from, to, (old, fresh) => (replace ? move(old, fresh) : moveToNew(old, fresh)));
  }

  symlink(target: string, path: string): Promise<void> {
    return this.#jail.at(path, ({ directory, native }) => {
      const text = encodePath(targetOnDisk(target, directory.path, this.#rules));
      return perform((done) => symlink(Buffer.from(text), native, done));
    });
  }

  readlink(path: string): Promise<string> {
    return this.#jail.at(path, ({ native }) => this.#jail.target(native));
  }

  link(from: string, to: string): Promise<void> {
    return this.#between(from, to, (old, fresh) => perform((done) => link(old.native, fresh.native, done)));
  }

  statfs(path: string): Promise<FileSystemUsage> {
    return this.#jail.following(path, async (place) => {
      const stats = await attributesAt(place.native);
      if (typeOf(stats) === "symlink") return IS_LINK;
      return usageOf(await call((done) => statfs(place.directory.link, done)));
    });
  }

  async localDirectory(path: string): Promise<LocalDirectory> {
    const directory = await this.#jail.directory(path);
    let open = true;
    return {
      // Of this process, not of the program's own: it is the program that opens it.
      path: `/proc/${process.pid}/fd/${directory.fd}`,
      close() {
        if (open) directory.release();
        open = false;
      },
    };
  }

  /** Changes a file or directory by a descriptor that holds it: chmod(2) and truncate(2) would follow a link. */
  async #change(place: Place, changed: ChangedAttributes): Promise<typeof IS_LINK | void> {
    const fd = await hold(place);
    try {
      const stats = await attributesOf(fd);
      if (typeOf(stats) === "symlink") return IS_LINK;
      if (!this.#jail.holds(fd)) throw new FileError("NOT_FOUND");
      await change(heldTarget(fd), stats, changed, this.#rules);
    } finally {
      closeSync(fd);
    }
  }

  #between(from: string, to: string, act: (old: Place, fresh: Place) => Promise<void>): Promise<void> {
    return this.#jail.at(from, (old) => this.#jail.at(to, (fresh) => act(old, fresh)));
  }
}

function move(old: Place, fresh: Place): Promise<void> {
  return perform((done) => rename(old.native, fresh.native, done));
}

/** A second name is made only where there is none, at once; then the first is taken away. */
async function moveToNew(old: Place, fresh: Place): Promise<void> {
  try {
    await perform((done) => link(old.native, fresh.native, done));
  } catch (error) {
    // A directory, or a disk that has no second names. What is made under the new name right now is replaced: there is no call for it in Node.
    if (!failedWith(error, "PERMISSION_DENIED") && !failedWith(error, "UNSUPPORTED")) throw error;
    if ((await unlessMissing(() => attributesAt(fresh.native))) !== undefined) throw new FileError("EXISTS");
    return move(old, fresh);
  }
  try {
    await perform((done) => unlink(old.native, done));
  } catch (error) {
    await perform((done) => unlink(fresh.native, done));
    throw error;
  }
}
