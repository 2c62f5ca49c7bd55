import { mkdirSync, realpathSync, statSync } from "node:fs";
import { ConfigError } from "../../server/index.ts";
import type { Awaitable } from "../../server/index.ts";

/** How a directory on disk is served. All have defaults. */
export interface DirectoryOptions {
  /** Makes the directory if it is not there yet, for the process's user alone (mode 0700); where it lies has to be there. Default false. */
  readonly create?: boolean;
  /**
   * What an upload does to a file that there is already. `replace` writes the new content beside it and puts that in its place when
   * the client closes the file: if the disk is full or the client gone before, the old file stays as it was. `in-place` empties the old
   * file and writes into it, as OpenSSH does: it takes no room for two, and other programs see the content grow. New
   * files are written under their names either way, so that an upload that broke off can be resumed. Default `replace`.
   */
  readonly uploads?: "replace" | "in-place";
  /**
   * Which symbolic links a client can make. `inside`: those that do not lead out of the directory; an absolute one is kept as a
   * relative one, so that it leads to the same for other programs of the machine. `any`: all, as they are given. `none`: none. Links
   * that are there are followed in any case, and no link ever leads this file system out of its directory: the option is for
   * other programs that read it. Default `inside`.
   */
  readonly links?: "inside" | "any" | "none";
  /** Permission bits that new files and directories do not get, besides those of the process's own umask. Default 0. */
  readonly umask?: number;
  /** A client may give files to another owner or group, if the process may. Default false. */
  readonly allowOwnerChanges?: boolean;
  /**
   * The name of a user or a group by its number, `undefined` for one without a name, for clients that show names (`ls -l` of OpenSSH's `sftp`). Default none:
   * who has accounts on the machine is not told.
   */
  readonly ownerName?: (kind: "user" | "group", id: number) => Awaitable<string | undefined>;
}

/** The options, with their defaults. */
export type DirectoryRules = Required<Omit<DirectoryOptions, "ownerName">> & {
  readonly ownerName: DirectoryOptions["ownerName"] | undefined;
};

const CHOICES = {
  uploads: ["replace", "in-place"],
  links: ["inside", "any", "none"],
} as const satisfies { readonly [Name in keyof DirectoryOptions]?: readonly DirectoryOptions[Name][] };

const DEFAULTS: DirectoryRules = {
  create: false,
  uploads: "replace",
  links: "inside",
  umask: 0,
  allowOwnerChanges: false,
  ownerName: undefined,
};

/** @throws ConfigError `UNKNOWN_OPTION`, `BAD_OPTION`. */
export function resolveDirectoryOptions(options: DirectoryOptions): DirectoryRules {
  const rules: DirectoryRules = { ...DEFAULTS, ...options };
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(DEFAULTS, name));
  if (unknown !== undefined) {
    throw new ConfigError(
      "UNKNOWN_OPTION",
      `directory() has no option ${unknown}: it has ${Object.keys(DEFAULTS).join(", ")}.`,
    );
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    const given = rules[name as keyof typeof CHOICES];
    if (!(choices as readonly string[]).includes(given)) {
      throw new ConfigError("BAD_OPTION", `${name} of directory() is one of ${choices.join(", ")}, not ${given}.`);
    }
  }
  if (!Number.isInteger(rules.umask) || rules.umask < 0 || rules.umask > 0o777) {
    throw new ConfigError("BAD_OPTION", `umask of directory() is from 0 to 0o777, not ${String(rules.umask)}.`);
  }
  for (const name of ["create", "allowOwnerChanges"] as const) {
    if (typeof rules[name] !== "boolean")
      throw new ConfigError("BAD_OPTION", `${name} of directory() is true or false.`);
  }
  if (rules.ownerName !== undefined && typeof rules.ownerName !== "function") {
    throw new ConfigError(
      "BAD_OPTION",
      "ownerName of directory() is a function that gives the name of a user or a group.",
    );
  }
  return rules;
}

/** The path of the root without links. @throws ConfigError `BAD_OPTION`, `UNSUPPORTED_SYSTEM`. */
export function resolveRoot(root: string, create: boolean): string {
  if (typeof root !== "string" || root === "") {
    throw new ConfigError("BAD_OPTION", "directory() takes the path of a directory.");
  }
  let path: string;
  try {
    if (create) make(root);
    path = realpathSync.native(root);
    if (!statSync(path).isDirectory()) throw new Error("It is not a directory");
  } catch (cause) {
    throw new ConfigError(
      "BAD_OPTION",
      `directory() cannot serve ${root}: it has to be a directory that is there, or, with create: true, a new name in one that is.`,
      {
        cause,
      },
    );
  }
  // A name is opened from the descriptor of its directory by way of /proc/self/fd, and nowhere else does Node let one do that.
  try {
    if (realpathSync.native("/proc/self/fd").length > 0) return path;
  } catch {
    // Said below.
  }
  throw new ConfigError(
    "UNSUPPORTED_SYSTEM",
    "directory() needs Linux with /proc: without /proc/self/fd a link could be swapped for a directory while a file is opened. " +
      "Elsewhere serve memory() or a FileSystem of your own.",
  );
}

function make(root: string): void {
  try {
    mkdirSync(root, 0o700);
  } catch (error) {
    // What is there, a link perhaps, is looked at next.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
