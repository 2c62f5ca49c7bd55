import { close, constants, fchmod, fchown, open, rename, unlink } from "node:fs";
import type { BigIntStats } from "node:fs";
import { failedWith } from "../error.ts";
import { call, O_SAFE, perform } from "./calls.ts";
import type { Place } from "./jail.ts";
import type { Ending } from "./open-file.ts";
import { release, takeName } from "./temporary.ts";

/** The new content of a file beside the old. */
export interface Replacement {
  readonly fd: number;
  readonly ending: Ending;
}

/**
 * Opens a new file that takes the place of an old one when it is closed, if all that was written is there; else the old one stays as
 * it is. Undefined where that cannot be had: the directory takes no new file, or the new one could not belong to the owner of the old.
 *
 * @param place of the old file; its directory stays in use until the end.
 * @param old what the old file has; the new one gets its permission bits, its owner and its group.
 * @param append every write goes to the end.
 */
export async function openReplacement(
  place: Place,
  old: BigIntStats,
  append: boolean,
): Promise<Replacement | undefined> {
  const { directory } = place;
  const name = takeName();
  const temporary = directory.at(name);
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | O_SAFE | (append ? constants.O_APPEND : 0);
  let fd: number;
  try {
    fd = await call((done) => open(temporary, flags, 0o600, done));
  } catch (error) {
    release(name);
    if (failedWith(error, "PERMISSION_DENIED")) return undefined;
    throw error;
  }
  const discard = async (): Promise<void> => {
    try {
      await perform((done) => unlink(temporary, done));
    } finally {
      release(name);
    }
  };
  try {
    await perform((done) => fchown(fd, Number(old.uid), Number(old.gid), done));
    await perform((done) => fchmod(fd, Number(old.mode) & 0o777, done));
  } catch (error) {
    await perform((done) => close(fd, done));
    await discard();
    if (failedWith(error, "PERMISSION_DENIED")) return undefined;
    throw error;
  }
  directory.use();
  return {
    fd,
    ending: {
      async close(failed) {
        try {
          // The client has heard of it once; it closes what it now takes for whole if it hears nothing here.
          if (failed !== undefined) throw failed;
          await perform((done) => rename(temporary, place.native, done));
          release(name);
        } catch (error) {
          await discard();
          throw error;
        } finally {
          directory.release();
        }
      },
      async abort() {
        try {
          await discard();
        } finally {
          directory.release();
        }
      },
    },
  };
}
