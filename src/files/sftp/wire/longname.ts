import type { FileAttributes, FileType } from "../../file-system.ts";

const LETTERS: Readonly<Record<FileType, string>> = { file: "-", directory: "d", symlink: "l", other: "?" };
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));
/** A name that does nothing to any terminal. */
const PLAIN = /^[ -~]*$/;
/** `ls` shows the time of day of what is younger than this, in seconds, and the year of the rest. */
const HALF_A_YEAR = (365 * 24 * 60 * 60) / 2;

/**
 * A line as of `ls -l`, which clients show to people (draft-02 §7): the name as it is, with control characters
 * escaped, as a name is anybody's text and the line goes to a terminal.
 *
 * @param now seconds since 1970.
 */
export function longname(name: string, attributes: FileAttributes, now: number): string {
  const { nlink = 1, uid = 0, gid = 0, size, mtime = 0 } = attributes;
  const owners = `${String(uid).padEnd(8)} ${String(gid).padEnd(8)}`;
  const rest = `${String(size).padStart(8)} ${date(mtime, now)} ${printable(name)}`;
  return `${permissions(attributes)} ${String(nlink).padStart(4)} ${owners} ${rest}`;
}

/**
 * The name without what a terminal could take for a command: C0, DEL and C1 as `\xNN`, and what ends a line or turns its direction around as
 * `\uNNNN`. Bytes that are not UTF-8 stay.
 */
export function printable(name: string): string {
  if (PLAIN.test(name)) return name;
  let text = "";
  for (const character of name) {
    const code = character.codePointAt(0)!;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    // A byte from 0x80 to 0x9f that stands alone is a control character of those terminals that do not read UTF-8.
    const isBareControl = code >= 0xdc80 && code < 0xdca0;
    if (isControl || isBareControl) text += `\\x${(code & 0xff).toString(16).padStart(2, "0")}`;
    else text += isDirection(code) ? `\\u${code.toString(16).padStart(4, "0")}` : character;
  }
  return text;
}

/** Bidi_Control of Unicode, and the separators of lines and paragraphs: "exe.txt" could be shown for what ends in "txt.exe". */
function isDirection(code: number): boolean {
  return (
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    code === 0x061c ||
    code === 0x200e ||
    code === 0x200f
  );
}

function permissions({ type, mode }: FileAttributes): string {
  const bits = (shift: number, special: number, letter: string): string => {
    const three = mode >> shift;
    const runs = three & 1;
    const last = mode & special ? (runs ? letter : letter.toUpperCase()) : runs ? "x" : "-";
    return `${three & 4 ? "r" : "-"}${three & 2 ? "w" : "-"}${last}`;
  };
  return LETTERS[type] + bits(6, 0o4000, "s") + bits(3, 0o2000, "s") + bits(0, 0o1000, "t");
}

/** In UTC: the server does not know where its client is. */
function date(seconds: number, now: number): string {
  const when = new Date(Math.min(Math.max(0, seconds), 253_402_300_799) * 1000);
  const isNear = Math.abs(now - seconds) < HALF_A_YEAR;
  const last = isNear
    ? `${TWO_DIGITS[when.getUTCHours()]}:${TWO_DIGITS[when.getUTCMinutes()]}`
    : String(when.getUTCFullYear()).padStart(5);
  return `${MONTHS[when.getUTCMonth()]} ${String(when.getUTCDate()).padStart(2)} ${last}`;
}
