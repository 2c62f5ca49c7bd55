import { constants } from "node:fs";
import type { BigIntStats } from "node:fs";
import { open, realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AuthError } from "../error.ts";

/** What is asked of a file before anybody is judged by it. */
export interface FileRules {
  /** The most that is read, in bytes. */
  readonly maxLength: number;
  /**
   * Refuses a file that others could have written, or could put another in the place of: sshd_config's StrictModes.
   * Does nothing on Windows, which has no such modes.
   */
  readonly strictModes: boolean;
}

/** A file as it was read. */
export interface FileContent {
  readonly bytes: Buffer;
  /** Changes when the file does: see {@link stampOf}. */
  readonly stamp: string;
}

/** Written to by the group or by everybody, and the bit that keeps them from what is not theirs in a folder. */
const WRITABLE_BY_OTHERS = 0o022n;
const STICKY = 0o1000n;

/**
 * Reads a whole file that decides over logins. A pipe or a device in its place neither blocks nor is read.
 *
 * @throws {AuthError} that names the file: `FILE_MISSING`, `FILE_UNREADABLE`, `FILE_NOT_REGULAR`, `FILE_UNSAFE`, `TOO_LONG`.
 */
export async function readKeyFile(path: string, rules: FileRules): Promise<FileContent> {
  // dropbear 8d8e1930: to open a FIFO waits for whoever writes into it, unless it is opened without waiting.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY).catch(
    (error: unknown) => {
      throw unreadable(path, error);
    },
  );
  try {
    // Of what was opened, not of what the path may name by now.
    const facts = await file.stat({ bigint: true });
    if (!facts.isFile())
      throw new AuthError("FILE_NOT_REGULAR", `${path} is not a regular file: give the path of one.`);
    if (facts.size > rules.maxLength) throw tooLong(path, rules);
    if (rules.strictModes && process.getuid !== undefined) await assertSafe(path, facts, process.getuid());
    // A file can grow while it is read: one byte of room shows that it did.
    const room = Buffer.alloc(Number(facts.size) + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < room.length; length += read) {
      ({ bytesRead: read } = await file.read(room, length, room.length - length, length));
    }
    if (length > rules.maxLength) throw tooLong(path, rules);
    return { bytes: room.subarray(0, length), stamp: stamp(facts) };
  } catch (error) {
    throw error instanceof AuthError ? error : unreadable(path, error);
  } finally {
    await file.close();
  }
}

/**
 * What tells one state of a file from the next without reading it: which file, how long, when changed.
 *
 * @throws {AuthError} `FILE_MISSING`, `FILE_UNREADABLE`.
 */
export async function stampOf(path: string): Promise<string> {
  try {
    return stamp(await stat(path, { bigint: true }));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function stamp({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(":");
}

/** As sshd's safe_path(): the file, and every folder above it, since who can write there can put another in its place. */
async function assertSafe(path: string, facts: BigIntStats, uid: number): Promise<void> {
  assertOwn(path, facts, uid);
  if (facts.mode & WRITABLE_BY_OTHERS) throw unsafe(path, "is writable by others: take that away with `chmod go-w`");
  let folder = await realpath(path);
  do {
    folder = dirname(folder);
    const above = await stat(folder, { bigint: true });
    assertOwn(folder, above, uid);
    // Whoever writes in a folder such as /tmp cannot touch what is another's there.
    if (above.mode & WRITABLE_BY_OTHERS && !(above.mode & STICKY)) {
      throw unsafe(path, `lies below ${folder}, which is writable by others: take that away with \`chmod go-w\``);
    }
  } while (folder !== dirname(folder));
}

/** A process of root takes what its users own: who named the path in the app chose whose it is. */
function assertOwn(path: string, facts: BigIntStats, uid: number): void {
  const owner = Number(facts.uid);
  if (uid !== 0 && owner !== 0 && owner !== uid) {
    throw unsafe(
      path,
      `belongs to user ${owner}: it has to be root's, or of the user that the server runs as (${uid})`,
    );
  }
}

function unsafe(path: string, why: string): AuthError {
  return new AuthError("FILE_UNSAFE", `${path} ${why}, or give strictModes: false.`);
}

function tooLong(path: string, { maxLength }: FileRules): AuthError {
  return new AuthError("TOO_LONG", `${path} has more than ${maxLength} bytes: none of it is used.`);
}

function unreadable(path: string, cause: unknown): AuthError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "no code";
  return code === "ENOENT" || code === "ENOTDIR"
    ? new AuthError("FILE_MISSING", `There is no file ${path}.`, { cause })
    : new AuthError("FILE_UNREADABLE", `${path} cannot be read (${code}): check its owner and its mode.`, { cause });
}
