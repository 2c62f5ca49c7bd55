import type { Awaitable } from "../../server/index.ts";
import { ConfigError } from "../../server/index.ts";
import { FileError } from "../error.ts";
import type { FileAttributes, FileHandle, FileSystem, FileSystemUsage } from "../file-system.ts";
import { endHandle, lstatOf } from "../optional.ts";
import { joinPath } from "../path.ts";
import { Account } from "./account.ts";
import type { Measure } from "./account.ts";
import type { Deed } from "./wrap.ts";
import { handleWith, wrap } from "./wrap.ts";

/** How much a file system may hold. */
export interface QuotaOptions {
  /** Bytes in all files together, by their sizes: what was never written to counts as well. Default no limit. */
  readonly maxBytes?: number;
  /** Files, directories and links. Default no limit. */
  readonly maxEntries?: number;
}

/**
 * A file system that holds no more than so much, however many upload at once: room is taken before it is written to. What is too
 * much is `QUOTA`, and what was there stays: also the old content of a file, where the file system keeps it until the new one is
 * closed, as `directory()` does.
 *
 *     perUser((name) => quota(directory(`/srv/files/${name}`), { maxBytes: 10 * 1024 ** 3, maxEntries: 100_000 }))
 *
 * What there is already is counted when it is used first. All sessions have to share the one view, as `perUser` sees to; what others than its
 * clients write and remove is noticed only when room runs out, some seconds later at the latest. A file with several names counts once with its bytes. Where the file system keeps the
 * old content of a file until the new one is there, both count until then.
 *
 * @throws ConfigError `BAD_OPTION`.
 */
export function quota(fileSystem: FileSystem, options: QuotaOptions): FileSystem {
  for (const [name, limit] of Object.entries(options)) {
    if (!(Number.isSafeInteger(limit) && limit >= 0)) {
      throw new ConfigError("BAD_OPTION", `${name} of quota() is a whole number, 0 or more, not ${String(limit)}.`);
    }
  }
  const { maxBytes = Infinity, maxEntries = Infinity } = options;
  const account = new Account(maxBytes, maxEntries, (writtenTo) => measure(fileSystem, writtenTo));
  const view = wrap(fileSystem, {
    around(deed, run) {
      const apply = CHANGES[deed.operation];
      if (apply === undefined) return run();
      const change: Change = { deed, fileSystem, account, run: async () => run() };
      return account.change(() => apply(change)) as ReturnType<typeof run>;
    },
  });
  if (view.statfs === undefined) return view;
  return {
    ...view,
    async statfs(path) {
      await account.ready();
      return withLimits((await fileSystem.statfs?.(path)) as FileSystemUsage, account, maxBytes, maxEntries);
    },
  };
}

/** One call that changes how much there is. They run one after the other, so that what is looked at before is so still afterwards. */
interface Change {
  readonly deed: Deed;
  readonly fileSystem: FileSystem;
  readonly account: Account;
  readonly run: () => Promise<unknown>;
}

const add = ({ account, run }: Change): Promise<unknown> => account.add(run);

const CHANGES: { readonly [Operation in Deed["operation"]]?: (change: Change) => Promise<unknown> } = {
  mkdir: add,
  symlink: add,
  link: add,
  async open({ deed: { path, flags }, fileSystem, account, run }) {
    if (flags === undefined || !flags.write) return run();
    const before = await unlessRefused(() => fileSystem.stat(path));
    const handle = (await (before === undefined && flags.create ? account.add(run) : run())) as FileHandle;
    const opened = await handle.stat();
    const key = keyOf(path, opened);
    const old = before === undefined ? undefined : keyOf(path, before);
    const isReplacing = old !== undefined && old !== key;
    account.open(key, old === key ? (before?.size ?? 0) : 0, isReplacing);
    if (flags.truncate) account.correct(key, opened.size);
    // Where the old content stays until the new one is there, what becomes of it is seen in the end.
    const close: Close =
      isReplacing && old !== undefined
        ? (run) => account.change(() => replace(path, old, fileSystem, account, run))
        : (run) => run();
    return counted(handle, { key, isAppending: flags.append, isReplacing, account, close });
  },
  async setstat({ deed: { path, attributes }, fileSystem, account, run }) {
    if (attributes?.size === undefined) return run();
    const before = await unlessRefused(() => fileSystem.stat(path));
    return before === undefined ? run() : account.resize(keyOf(path, before), before.size, attributes.size, run);
  },
  async unlink({ deed: { path }, fileSystem, account, run }) {
    const before = await glance(fileSystem, path);
    const done = await run();
    account.removed(before && keyOf(path, before), before);
    return done;
  },
  async rmdir({ account, run }) {
    const done = await run();
    account.removed(undefined, undefined);
    return done;
  },
  async rename({ deed: { path, to = path }, fileSystem, account, run }) {
    const [moved, replaced] = [await glance(fileSystem, path), await glance(fileSystem, to)];
    const done = await run();
    // Two names of one file stay both; a name that becomes itself stays.
    const isSame = path === to || (moved?.identity !== undefined && moved.identity === replaced?.identity);
    if (replaced !== undefined && !isSame) account.removed(keyOf(to, replaced), replaced);
    return done;
  },
};

/** How a handle is closed. */
type Close = (run: () => Promise<void>) => Promise<void>;

/** A file that is being written to. */
interface Writing {
  readonly key: string;
  readonly isAppending: boolean;
  /** The old content stays until this one is closed. */
  readonly isReplacing: boolean;
  readonly account: Account;
  readonly close: Close;
}

/** Closes a file that thereby takes the place of another. */
async function replace(
  path: string,
  old: string,
  fileSystem: FileSystem,
  account: Account,
  close: () => Promise<void>,
): Promise<void> {
  const there = await unlessRefused(() => fileSystem.stat(path));
  await close();
  if (there !== undefined && keyOf(path, there) === old) return account.replaced(old, there);
  // The old one has been removed or moved meanwhile, so that the name is one more.
  account.found();
  account.doubt();
}

/** A handle that takes room before it writes, and tells the size in the end. */
function counted(handle: FileHandle, { key, isAppending, isReplacing, account, close }: Writing): FileHandle {
  let refusal: FileError | undefined;
  const reach = async (end: number): Promise<void> => {
    try {
      await account.reach(key, end);
    } catch (error) {
      if (error instanceof FileError) refusal ??= error;
      throw error;
    }
  };
  const end = async (isClosed: boolean): Promise<void> => {
    // Half of the new content is no reason to lose the old.
    const lost = isClosed && isReplacing ? refusal : undefined;
    const isComplete = isClosed && lost === undefined;
    const reserved = account.sizeOf(key);
    const size = isComplete ? (await unlessRefused(() => handle.stat()))?.size : undefined;
    try {
      if (isComplete) await close(async () => handle.close());
      else await endHandle(handle, false);
    } finally {
      // What has been taken meanwhile, by who sets the size by the path, the size does not tell.
      account.close(key, account.sizeOf(key) === reserved ? size : undefined);
    }
    if (lost !== undefined) throw lost;
  };
  return handleWith(handle, {
    ...(handle.write && {
      async write(bytes: Uint8Array, position: number) {
        await reach((isAppending ? account.sizeOf(key) : position) + bytes.length);
        await handle.write?.(bytes, position);
      },
    }),
    ...(handle.setstat && {
      async setstat(changed: { readonly size?: number }) {
        const { size } = changed;
        if (size !== undefined) await account.reach(key, size);
        await handle.setstat?.(changed);
        if (size !== undefined) account.correct(key, size);
      },
    }),
    close: () => end(true),
    abort: () => end(false),
  });
}

/** What tells a file from others, as far as the file system says. */
function keyOf(path: string, { identity }: FileAttributes): string {
  return identity ?? path;
}

function glance(fileSystem: FileSystem, path: string): Promise<FileAttributes | undefined> {
  return unlessRefused(() => lstatOf(fileSystem, path));
}

/** What cannot be looked at has no attributes; the call itself tells the client why. */
async function unlessRefused(ask: () => Awaitable<FileAttributes>): Promise<FileAttributes | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** Walks through all there is; the entries of a directory come a few at a time. */
async function measure(fileSystem: FileSystem, writtenTo: Parameters<Measure>[0]): ReturnType<Measure> {
  let [bytes, entries] = [0, 0];
  const named = new Set<string>();
  const left = ["/"];
  for (let directory = left.pop(); directory !== undefined; directory = left.pop()) {
    for await (const { name, attributes } of fileSystem.readdir(directory)) {
      const path = joinPath(directory, name);
      const hasMore = (attributes.nlink ?? 1) > 1;
      if (attributes.type === "directory") left.push(path);
      if (attributes.type !== "file") {
        entries++;
        continue;
      }
      // A listing need not tell who is who; where that matters, it is asked.
      const isKnown = attributes.identity !== undefined || (writtenTo.size === 0 && !hasMore);
      const found = isKnown ? attributes : await glance(fileSystem, path);
      const key = found === undefined ? path : keyOf(path, found);
      const written = writtenTo.get(key);
      if (written?.isReplacing !== true) entries++;
      if (written === undefined && !named.has(key)) bytes += found?.size ?? 0;
      if (hasMore) named.add(key);
    }
  }
  return { bytes, entries };
}

function withLimits(usage: FileSystemUsage, account: Account, maxBytes: number, maxEntries: number): FileSystemUsage {
  const { blockSize } = usage;
  const left = (limit: number, used: number): number => Math.max(0, limit - used);
  const availableBlocks = Math.min(usage.availableBlocks, Math.floor(left(maxBytes, account.bytes) / blockSize));
  return {
    ...usage,
    blocks: Math.min(usage.blocks, Math.floor(maxBytes / blockSize)),
    freeBlocks: availableBlocks,
    availableBlocks,
    entries: Math.min(usage.entries, maxEntries),
    freeEntries: Math.min(usage.freeEntries, left(maxEntries, account.entries)),
  };
}
