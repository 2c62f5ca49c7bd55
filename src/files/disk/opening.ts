import { close, constants, ftruncate, open } from "node:fs";
import { failedWith, FileError } from "../error.ts";
import type { ChangedAttributes, FileHandle, OpenFlags } from "../file-system.ts";
import { attributesOf, modeOfNew, notRegular, typeOf } from "./attributes.ts";
import type { BigIntStats } from "node:fs";
import { call, O_SAFE, perform } from "./calls.ts";
import { IS_LINK } from "./jail.ts";
import type { Jail, Place } from "./jail.ts";
import { OpenFile } from "./open-file.ts";
import { openReplacement } from "./replacement.ts";
import type { DirectoryRules } from "./rules.ts";

/** A regular file that was just opened. */
interface Opened {
  readonly fd: number;
  readonly stats: BigIntStats;
}

/** As often as a name may come and go while it is opened. */
const TRIES = 8;

/** Opens a regular file at a place. @throws FileError */
export async function openFile(
  jail: Jail,
  place: Place,
  flags: OpenFlags,
  attributes: ChangedAttributes,
  rules: DirectoryRules,
): Promise<FileHandle | typeof IS_LINK> {
  try {
    if (flags.truncate && !flags.exclusive && rules.uploads === "replace") {
      return await openToReplace(jail, place, flags, attributes, rules);
    }
    const { fd } = await openRegular(jail, place, numeric(flags), modeOfNew(attributes, rules.umask, 0o666));
    return new OpenFile(fd, flags, rules);
  } catch (error) {
    // O_NOFOLLOW: the last component is a link. Those before it were walked.
    if (failedWith(error, "LOOP")) return IS_LINK;
    throw error;
  }
}

/** What would empty an old file makes a new one beside it; where there is no old one, it is made under its name. */
async function openToReplace(
  jail: Jail,
  place: Place,
  flags: OpenFlags,
  attributes: ChangedAttributes,
  rules: DirectoryRules,
): Promise<FileHandle> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (flags.create) {
      // Most uploads are of what is not there yet: that is tried first.
      const fd = await openNew(jail, place, flags, modeOfNew(attributes, rules.umask, 0o666));
      if (fd !== undefined) return new OpenFile(fd, flags, rules);
    }
    try {
      const old = await openRegular(jail, place, numeric({ ...flags, create: false, truncate: false }), 0);
      return await replace(place, old, flags, rules);
    } catch (error) {
      // What was there a moment ago is gone.
      if (!flags.create || !failedWith(error, "NOT_FOUND")) throw error;
    }
  }
  throw new FileError("FAILURE", "The file comes and goes while it is opened");
}

/** Makes a file under a name that nothing has; undefined where something has it. */
async function openNew(jail: Jail, place: Place, flags: OpenFlags, mode: number): Promise<number | undefined> {
  let fd: number;
  try {
    fd = await call((done) => open(place.native, numeric({ ...flags, exclusive: true }), mode, done));
  } catch (error) {
    if (failedWith(error, "EXISTS")) return undefined;
    throw error;
  }
  // It is a regular file: nothing else comes of that.
  if (jail.holds(fd)) return fd;
  await perform((done) => close(fd, done));
  throw new FileError("NOT_FOUND");
}

async function replace(place: Place, old: Opened, flags: OpenFlags, rules: DirectoryRules): Promise<FileHandle> {
  let keep = false;
  try {
    const made = old.stats.size === 0n ? undefined : await openReplacement(place, old.stats, flags.append);
    if (made !== undefined) return new OpenFile(made.fd, flags, rules, made.ending);
    await perform((done) => ftruncate(old.fd, 0, done));
    keep = true;
    return new OpenFile(old.fd, flags, rules);
  } finally {
    if (!keep) await perform((done) => close(old.fd, done));
  }
}

async function openRegular(jail: Jail, place: Place, flags: number, mode: number): Promise<Opened> {
  const fd = await call<number>((done) => open(place.native, flags, mode, done));
  try {
    const stats = await attributesOf(fd);
    const type = typeOf(stats);
    if (type === "directory") throw new FileError("IS_A_DIRECTORY");
    if (type !== "file") throw notRegular();
    if (!jail.holds(fd)) throw new FileError("NOT_FOUND");
    return { fd, stats };
  } catch (error) {
    await perform((done) => close(fd, done));
    throw error;
  }
}

function numeric({ read, write, append, create, truncate, exclusive }: OpenFlags): number {
  return (
    (read ? (write ? constants.O_RDWR : constants.O_RDONLY) : constants.O_WRONLY) |
    (append ? constants.O_APPEND : 0) |
    (create ? constants.O_CREAT : 0) |
    (create && exclusive ? constants.O_EXCL : 0) |
    (truncate ? constants.O_TRUNC : 0) |
    O_SAFE
  );
}
