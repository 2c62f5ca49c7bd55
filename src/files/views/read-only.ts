import { FileError } from "../error.ts";
import { callOptional } from "../optional.ts";
import type { FileHandle, FileSystem, LocalDirectory } from "../file-system.ts";
import type { Deed } from "./wrap.ts";
import { handleWith, wrap } from "./wrap.ts";

/** What only looks. Whatever is not here changes something, or may: it is refused. */
const LOOKING: ReadonlySet<Deed["operation"]> = new Set(["stat", "lstat", "readdir", "realpath", "readlink", "statfs"]);

/**
 * A file system in which nothing can be changed: files can be looked at, listed and opened for reading, and everything else is
 * `PERMISSION_DENIED`, by the path, by a handle, and by what SFTP will have tomorrow.
 *
 *     serveFiles(ssh, { fileSystem: () => readOnly(directory("/srv/public")) });
 */
export function readOnly(fileSystem: FileSystem): FileSystem {
  const view = wrap(fileSystem, {
    around: (deed, run) => {
      if (!isLooking(deed)) refuse();
      return run();
    },
    opened: onlyReading,
  });
  return {
    ...view,
    ...(view.statfs !== undefined && {
      statfs: async (path: string) => ({ ...(await callOptional(fileSystem, "statfs", path)), readOnly: true }),
    }),
    // A process may read past all this: there is nothing that the view would hide from it.
    ...(fileSystem.localDirectory !== undefined && {
      localDirectory: async (path: string) => toBeRead(await fileSystem.localDirectory?.(path)),
    }),
  };
}

function toBeRead(local: LocalDirectory | undefined): LocalDirectory | undefined {
  return local && { path: local.path, readOnly: true, close: () => local.close() };
}

function isLooking({ operation, flags }: Deed): boolean {
  if (operation !== "open") return LOOKING.has(operation);
  return flags !== undefined && flags.read && !flags.write && !flags.append && !flags.create && !flags.truncate;
}

/** A handle by which nothing can be changed. */
export function onlyReading(handle: FileHandle): FileHandle {
  return handleWith(handle, {
    write: undefined,
    sync: refuse,
    setstat: refuse,
    statfs: handle.statfs && (async () => ({ ...(await handle.statfs?.()), readOnly: true })),
  });
}

function refuse(): never {
  throw new FileError("PERMISSION_DENIED", "Nothing can be changed here");
}
