import type { Awaitable } from "../../server/index.ts";
import { FileError } from "../error.ts";
import type { ChangedAttributes, DirectoryEntry, FileSystem } from "../file-system.ts";
import { lstatOf } from "../optional.ts";
import { joinPath, nameOf, parentPath } from "../path.ts";
import type { Deed, Entries } from "./wrap.ts";
import { handleWith, wrap } from "./wrap.ts";

/** What somebody wants to do with a path. */
export interface Access {
  /** Absolute and normalised. */
  readonly path: string;
  /** `see`: its attributes, its entries, and that it is there. `read`: its bytes. `write`: to make, change, move or remove it. */
  readonly access: "see" | "read" | "write";
  /** The method that is called, such as `open` or `rename`. */
  readonly operation: Deed["operation"];
}

/** What an operation does with its path, and with the second one, if it has one. */
const NEEDS: Readonly<Record<Deed["operation"], readonly (readonly ["path" | "to", Access["access"]])[]>> = {
  stat: [["path", "see"]],
  lstat: [["path", "see"]],
  readdir: [["path", "see"]],
  realpath: [["path", "see"]],
  readlink: [["path", "see"]],
  statfs: [["path", "see"]],
  open: [],
  setstat: [["path", "write"]],
  lsetstat: [["path", "write"]],
  mkdir: [["path", "write"]],
  rmdir: [["path", "write"]],
  unlink: [["path", "write"]],
  rename: [
    ["path", "write"],
    ["to", "write"],
  ],
  symlink: [["path", "write"]],
  // A second name lets whoever may read or write there do so to the file.
  link: [
    ["path", "read"],
    ["path", "write"],
    ["to", "write"],
  ],
};

/** They are about the name itself, also where it is a link's. */
const ABOUT_NAMES: ReadonlySet<Deed["operation"]> = new Set([
  "lstat",
  "lsetstat",
  "readlink",
  "mkdir",
  "rmdir",
  "unlink",
  "rename",
  "symlink",
  "link",
]);

/** As much as is looked through before a directory is moved. */
const MAX_MOVED = 10_000;

/**
 * A file system in which a callback decides who may do what with which path. What it does not grant is `PERMISSION_DENIED`, and
 * entries that may not be seen are left out of listings.
 *
 *     permissions(files, ({ path, access }) => access !== "write" || isWithin(path, "/uploads"))
 *
 * The callback is asked about the path as the client has it and, where links lead elsewhere, about that too. Of what is moved it is asked about
 * everything that lies in it: all of it may be written to under both names, and nothing may be seen or read under the new one that may not under the
 * old. A directory with more than 10,000 entries in it is not moved. Clients make no symbolic links here: whoever swaps a link between the
 * question and the deed would get past it. Where links that somebody else swaps lie in the files, give each user a root of their own.
 *
 * @param may a throw is a refusal, as `false` is.
 */
export function permissions(fileSystem: FileSystem, may: (access: Access) => Awaitable<boolean>): FileSystem {
  const judge = async (path: string, access: Access["access"], operation: Deed["operation"]): Promise<void> => {
    if (!(await may({ path, access, operation }))) throw new FileError("PERMISSION_DENIED");
  };
  const judgeAll = async (deed: Deed): Promise<void> => {
    const { operation, path, to } = deed;
    for (const [which, access] of needsOf(deed)) {
      const named = which === "path" ? path : (to ?? path);
      // The name first: whether there is anything below what is refused is not told.
      await judge(named, access, operation);
      const real = await realPath(fileSystem, named, which === "to" || ABOUT_NAMES.has(operation));
      if (real !== named) await judge(real, access, operation);
    }
  };
  return wrap(fileSystem, {
    async around(deed, run) {
      const { operation, path, to } = deed;
      if (operation === "symlink") throw new FileError("PERMISSION_DENIED", "No links can be made here");
      await judgeAll(deed);
      if (operation === "rename") await judgeMove(fileSystem, path, to ?? path, may);
      return run();
    },
    opened(handle, { path, flags }) {
      // To open it for writing was judged; a mode or a time is set by a handle for reading, too.
      if (flags?.write === true || handle.setstat === undefined) return handle;
      const setstat = async (changed: ChangedAttributes): Promise<void> => {
        await judgeAll({ operation: "setstat", path, attributes: changed });
        await handle.setstat?.(changed);
      };
      return handleWith(handle, { setstat });
    },
    listed: (entries, { path }) => visible(fileSystem, path, entries, may),
  });
}

function needsOf({ operation, flags }: Deed): readonly (readonly ["path" | "to", Access["access"]])[] {
  if (operation !== "open") return NEEDS[operation];
  const changes = flags === undefined || flags.write || flags.append || flags.create || flags.truncate;
  return [
    ...(flags?.read === true ? [["path", "read"] as const] : []),
    ...(changes ? [["path", "write"] as const] : []),
  ];
}

/** Where a path leads, as far as it is there; of a name alone, where the directory does. */
async function realPath(fileSystem: FileSystem, path: string, isName: boolean): Promise<string> {
  if (fileSystem.realpath === undefined) return path;
  if (isName && path !== "/") return joinPath(await fileSystem.realpath(parentPath(path)), nameOf(path));
  return fileSystem.realpath(path);
}

/** A path by which something is reached decides who may: so what is moved must not come to where more is allowed. */
async function judgeMove(
  fileSystem: FileSystem,
  from: string,
  to: string,
  may: (access: Access) => Awaitable<boolean>,
): Promise<void> {
  const asks = (path: string, access: Access["access"]) => may({ path, access, operation: "rename" });
  const [old, fresh] = [await realPath(fileSystem, from, true), await realPath(fileSystem, to, true)];
  let count = 0;
  for await (const below of everythingIn(fileSystem, old)) {
    if (++count > MAX_MOVED) throw new FileError("PERMISSION_DENIED", "There is too much in it to be moved at once");
    const [before, after] = [old + below, fresh + below];
    const isKept = below === "" || ((await asks(before, "write")) && (await asks(after, "write")));
    if (!isKept) throw new FileError("PERMISSION_DENIED");
    for (const access of ["see", "read"] as const) {
      if ((await asks(after, access)) && !(await asks(before, access))) throw new FileError("PERMISSION_DENIED");
    }
  }
}

/** What follows a path in the names of itself and of all that lies in it. */
async function* everythingIn(fileSystem: FileSystem, path: string): AsyncGenerator<string, void, undefined> {
  const { type } = await lstatOf(fileSystem, path);
  yield "";
  const left = type === "directory" ? [""] : [];
  for (let directory = left.pop(); directory !== undefined; directory = left.pop()) {
    for await (const { name, attributes } of fileSystem.readdir(path + directory)) {
      const below = `${directory}/${name}`;
      yield below;
      if (attributes.type === "directory") left.push(below);
    }
  }
}

async function* visible(
  fileSystem: FileSystem,
  path: string,
  entries: Entries,
  may: (access: Access) => Awaitable<boolean>,
): AsyncGenerator<DirectoryEntry, void, undefined> {
  const directory = await realPath(fileSystem, path, false);
  for await (const entry of entries) {
    const access: Access = { path: joinPath(directory, entry.name), access: "see", operation: "readdir" };
    if (await may(access)) yield entry;
  }
}
