import { isUtf8 } from "node:buffer";
import { FileError } from "./error.ts";

/** The longest path, in bytes. */
export const MAX_PATH = 4096;
/** The longest component of a path, in bytes. */
export const MAX_NAME = 255;

/** Stands for the byte 0x80 where it is not UTF-8; the 127 after it for the other bytes. */
const ESCAPE = 0xdc00;
const SLASH = 0x2f;

/**
 * The text of a path from its bytes. A byte that is not part of valid UTF-8 becomes a lone surrogate, U+DC80 to U+DCFF, so that
 * {@link encodePath} gives exactly the bytes back.
 */
export function decodePath(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (isUtf8(buffer)) return buffer.toString("utf8");
  let text = "";
  for (let at = 0; at < buffer.length;) {
    const length = sequenceLength(buffer[at]!);
    const sequence = buffer.subarray(at, at + length);
    if (sequence.length === length && isUtf8(sequence)) {
      text += sequence.toString("utf8");
      at += length;
    } else {
      text += String.fromCharCode(ESCAPE + buffer[at]!);
      at += 1;
    }
  }
  return text;
}

/**
 * The bytes of a path from its text: UTF-8, where a lone surrogate from U+DC80 to U+DCFF is the byte that it stands for.
 *
 * @throws FileError `INVALID` for any other lone surrogate, which stands for nothing.
 */
export function encodePath(path: string): Uint8Array {
  if (path.isWellFormed()) return Buffer.from(path, "utf8");
  const parts: Uint8Array[] = [];
  for (const character of path) {
    const code = character.codePointAt(0)!;
    if (code < 0xd800 || code > 0xdfff) parts.push(Buffer.from(character, "utf8"));
    else if (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff) parts.push(Uint8Array.of(code - ESCAPE));
    else throw new FileError("INVALID", "The path is not valid text");
  }
  return Buffer.concat(parts);
}

/**
 * An absolute path without empty components, `.` and `..`, as a {@link FileSystem} is given it. `..` takes the component
 * before it away, whether that is a link or not, and at the root it stays there.
 *
 * @param path absolute, or relative to `base`; empty is `base` itself.
 * @param base an absolute path.
 * @throws FileError `INVALID` for a NUL, a component of more than 255 bytes, more than 4096 bytes in all, or text that is no path's.
 */
export function normalizePath(path: string, base = "/"): string {
  const components: string[] = [];
  if (!path.startsWith("/")) add(components, base);
  add(components, path);
  const normalized = `/${components.join("/")}`;
  if (byteLength(normalized) > MAX_PATH) throw new FileError("INVALID", "The path is too long");
  return normalized;
}

/** The path of an entry of a directory. Both have to be valid by themselves. */
export function joinPath(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}

/** The directory that a path lies in; that of the root is the root. */
export function parentPath(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

/** The last component of a path; of the root, none: it is empty. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Whether something can be the name of an entry of a directory. Whether it is too long is not looked at. */
export function isName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("/") && !name.includes("\0");
}

/** Whether a path is a directory or lies somewhere in it. */
export function isWithin(path: string, directory: string): boolean {
  return (
    directory === "/" ||
    (path.startsWith(directory) && (path.length === directory.length || path.charCodeAt(directory.length) === SLASH))
  );
}

function add(components: string[], path: string): void {
  if (path.length > MAX_PATH) throw new FileError("INVALID", "The path is too long");
  if (path.includes("\0")) throw new FileError("INVALID", "The path has a NUL in it");
  for (const component of path.split("/")) {
    if (component === "..") components.pop();
    else if (component !== "" && component !== ".") {
      if (byteLength(component) > MAX_NAME) throw new FileError("INVALID", "A name in the path is too long");
      components.push(component);
    }
  }
}

function byteLength(path: string): number {
  return path.isWellFormed() ? Buffer.byteLength(path) : encodePath(path).length;
}

/** How many bytes a character of UTF-8 has that begins with this one, if any does. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
