import { refusal } from "../error.ts";
import type { FileAttributes } from "../file-system.ts";
import { decodePath, encodePath, MAX_NAME } from "../path.ts";

/** The longest record, in bytes, without its newline. */
export const MAX_RECORD = 4096;
/** So many directories may lie in each other. */
export const MAX_DEPTH = 64;

/** What one end tells the other, line by line. */
export type ScpRecord =
  /** A file follows. */
  | { readonly type: "file"; readonly mode: number; readonly size: number; readonly name: string }
  /** What follows is in this directory, up to its end. */
  | { readonly type: "directory"; readonly mode: number; readonly name: string }
  | { readonly type: "end" }
  /** Seconds since 1970, for the next file or directory. */
  | { readonly type: "times"; readonly mtime: number; readonly atime: number }
  /** Something did not work at the other end, which goes on. */
  | { readonly type: "warning"; readonly text: string }
  /** The other end has given up. */
  | { readonly type: "fatal"; readonly text: string };

const WARNING = 1;
const FATAL = 2;
const ENTRY = /^([CD])([0-7]{4}) (\d{1,20}) /;
const TIMES = /^T(\d{1,16}) \d{1,6} (\d{1,16}) \d{1,6}$/;
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/;
/** Beside what says who may read, write and run a file, nothing is taken from a client. */
const PERMISSIONS = 0o777;

/** Reads a line without its newline. @throws FileError `INVALID`, with a text for the client. */
export function readRecord(line: Uint8Array): ScpRecord {
  const [first] = line;
  if (first === WARNING || first === FATAL) {
    return { type: first === WARNING ? "warning" : "fatal", text: decodePath(line.subarray(1)) };
  }
  // One character a byte, so that what stands before a name also says where that begins.
  const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString("latin1");
  if (text === "E") return { type: "end" };
  const times = TIMES.exec(text);
  if (times !== null) return { type: "times", mtime: wholeNumber(times[1]), atime: wholeNumber(times[2]) };
  const entry = ENTRY.exec(text);
  if (entry === null) throw refusal("a record that is none");
  const [head, type, octal = "", length] = entry;
  const mode = Number.parseInt(octal, 8) & PERMISSIONS;
  const name = readName(line.subarray(head.length));
  const size = wholeNumber(length);
  return type === "C" ? { type: "file", mode, size, name } : { type: "directory", mode, name };
}

/** The line, with its newline, that announces a file or a directory. @throws FileError `INVALID` for a name that fits into no line. */
export function entryRecord(name: string, { type, mode, size }: FileAttributes): Uint8Array {
  if (name.includes("\n")) throw refusal("a name with a newline cannot be told in this protocol; take sftp");
  const isFile = type !== "directory";
  const permissions = (mode & PERMISSIONS).toString(8).padStart(4, "0");
  const head = Buffer.from(`${isFile ? "C" : "D"}${permissions} ${isFile ? size : 0} `);
  return Buffer.concat([head, encodePath(name), Buffer.from("\n")]);
}

/** The line that tells the times of what is announced next. */
export function timesRecord({ mtime = 0, atime = mtime }: FileAttributes): Uint8Array {
  const whole = (seconds: number): number => Math.max(0, Math.floor(seconds));
  return Buffer.from(`T${whole(mtime)} 0 ${whole(atime)} 0\n`);
}

/** What a name must not be to stay in the directory that it is for, and to be one that can be looked at. */
function readName(bytes: Uint8Array): string {
  const name = decodePath(bytes);
  if (name === "" || name === "." || name === ".." || name.includes("/")) throw refusal("a name that leads elsewhere");
  if (CONTROLS.test(name)) throw refusal("a name with control characters");
  if (bytes.length > MAX_NAME) throw refusal(`a name of more than ${MAX_NAME} bytes`);
  return name;
}

function wholeNumber(digits = ""): number {
  const number = Number(digits);
  if (!Number.isSafeInteger(number)) throw refusal("a number that is too large");
  return number;
}
