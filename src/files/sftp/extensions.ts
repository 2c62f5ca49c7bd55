import type { Awaitable } from "../../server/index.ts";
import { FileError } from "../error.ts";
import type { OptionalMethod } from "../optional.ts";
import { callOptional } from "../optional.ts";
import { normalizePath } from "../path.ts";
import { copyData } from "./copy.ts";
import { MAX_DATA, MAX_HANDLES, MAX_PACKET } from "./wire/numbers.ts";
import { after, anyPosition, attributes, bytes, file, ids, operation, path, pathText, position } from "./operation.ts";
import type { Operation, Service } from "./operation.ts";
import * as reply from "./wire/replies.ts";

/** One extension of OpenSSH's (PROTOCOL §4). */
export interface Extension {
  /** What SSH_FXP_VERSION says of it. */
  readonly version: string;
  /** The methods without which a file system cannot serve it: then it is neither offered nor answered. */
  readonly needs: readonly OptionalMethod[];
  readonly operation: Operation;
}

/** Who removes files has files that are written to. */
const CHANGING: readonly OptionalMethod[] = ["unlink"];
/** Ids in one request. */
const MAX_IDS = 1024;
/** A longer name of a user is left out: all of them have to go into one reply. */
const MAX_USER_NAME = 64;

/** One row for each extension, by its name. */
export const extensions: ReadonlyMap<string, Extension> = new Map<string, Extension>([
  [
    "posix-rename@openssh.com",
    {
      version: "1",
      needs: ["rename"],
      operation: operation("posix-rename", "alone", { from: path, to: path }, ({ fileSystem }, { from, to }, id) =>
        after(callOptional(fileSystem, "rename", from, to, { replace: true }), () => reply.ok(id)),
      ),
    },
  ],
  [
    "statvfs@openssh.com",
    {
      version: "2",
      needs: ["statfs"],
      operation: operation("statvfs", "together", { path }, ({ fileSystem }, { path }, id) =>
        after(callOptional(fileSystem, "statfs", path), (usage) => reply.usage(id, usage)),
      ),
    },
  ],
  [
    "fstatvfs@openssh.com",
    {
      version: "2",
      needs: ["statfs"],
      operation: operation("fstatvfs", "together", { handle: bytes }, (service, { handle }, id) => {
        const opened = service.handles.find(handle);
        const byHandle = opened.kind === "file" ? opened.handle.statfs?.() : undefined;
        return after(byHandle ?? callOptional(service.fileSystem, "statfs", opened.path), (usage) =>
          reply.usage(id, usage),
        );
      }),
    },
  ],
  [
    "hardlink@openssh.com",
    {
      version: "1",
      needs: ["link"],
      operation: operation("hardlink", "alone", { from: path, to: path }, ({ fileSystem }, { from, to }, id) =>
        after(callOptional(fileSystem, "link", from, to), () => reply.ok(id)),
      ),
    },
  ],
  [
    "fsync@openssh.com",
    {
      version: "1",
      needs: CHANGING,
      operation: operation("fsync", "alone", { file }, (_, { file: { handle } }, id) => {
        if (handle.sync === undefined) throw new FileError("UNSUPPORTED");
        return after(handle.sync(), () => reply.ok(id));
      }),
    },
  ],
  [
    "lsetstat@openssh.com",
    {
      version: "1",
      needs: ["lsetstat"],
      operation: operation("lsetstat", "alone", { path, attributes }, ({ fileSystem }, { path, attributes }, id) => {
        if (attributes.size !== undefined) throw new FileError("INVALID", "A link has no size to be set");
        return after(callOptional(fileSystem, "lsetstat", path, attributes), () => reply.ok(id));
      }),
    },
  ],
  [
    "limits@openssh.com",
    {
      version: "1",
      needs: [],
      operation: operation("limits", "together", {}, (_, __, id) =>
        reply.extended(id, (to) => {
          for (const limit of [MAX_PACKET, MAX_DATA, MAX_DATA, MAX_HANDLES]) to.uint64(BigInt(limit));
        }),
      ),
    },
  ],
  [
    "expand-path@openssh.com",
    { version: "1", needs: [], operation: operation("expand-path", "together", { path: pathText }, expandPath) },
  ],
  [
    "copy-data",
    {
      version: "1",
      needs: CHANGING,
      operation: operation(
        "copy-data",
        "alone",
        { source: file, from: position, length: anyPosition, target: file, to: position },
        async (service, values, id) => {
          await copyData(service, values);
          return reply.ok(id);
        },
      ),
    },
  ],
  [
    "home-directory",
    {
      version: "1",
      needs: [],
      operation: operation("home-directory", "together", { name: pathText }, (service, { name }, id) =>
        reply.path(id, homeOf(service, name)),
      ),
    },
  ],
  [
    "users-groups-by-id@openssh.com",
    {
      version: "1",
      needs: ["userName", "groupName"],
      operation: operation("users-groups-by-id", "together", { uids: ids, gids: ids }, namesById),
    },
  ],
]);

/** OpenSSH PROTOCOL §4.11: as REALPATH, and `~` or `~name` in front is a home directory. */
function expandPath(service: Service, { path }: { path: string }, id: number): Awaitable<Uint8Array> {
  const [, name, rest = ""] = /^~([^/]*)(.*)$/su.exec(path) ?? [];
  const from = name === undefined ? service.home : homeOf(service, name);
  const absolute = normalizePath(name === undefined ? path : rest.replace(/^\/+/, ""), from);
  const { fileSystem } = service;
  return after(fileSystem.realpath ? fileSystem.realpath(absolute) : absolute, (real) => reply.path(id, real));
}

/** Where others live, and whether there are others, is nothing that a client learns. */
function homeOf({ home, username }: Service, name: string): string {
  if (name !== "" && name !== username) throw new FileError("NOT_FOUND", "There is no such user");
  return home;
}

/** OpenSSH PROTOCOL §4.13: the names of users and of groups, each list as strings in a string, empty where there is no name. */
async function namesById(
  { fileSystem }: Service,
  { uids, gids }: { uids: readonly number[]; gids: readonly number[] },
  id: number,
): Promise<Uint8Array> {
  if (uids.length + gids.length > MAX_IDS)
    throw new FileError("INVALID", `At most ${MAX_IDS} ids are asked for at once`);
  const users = await named(uids, (uid) => fileSystem.userName?.(uid));
  const groups = await named(gids, (gid) => fileSystem.groupName?.(gid));
  return reply.extended(id, (to) => to.string(users).string(groups));
}

async function named(
  ids: readonly number[],
  nameOf: (id: number) => Awaitable<string | undefined>,
): Promise<Uint8Array> {
  const names: Uint8Array[] = [];
  for (const id of ids) {
    const name = Buffer.from((await nameOf(id)) ?? "");
    names.push(name.length <= MAX_USER_NAME ? name : Buffer.alloc(0));
  }
  return reply.strings(names);
}
