/** What tests do with the files of a file system. */
import type { DirectoryEntry, FileHandle, FileSystem, OpenFlags } from "../../src/files/index.ts";

const FLAGS: OpenFlags = { read: false, write: false, append: false, create: false, truncate: false, exclusive: false };
export const READ: OpenFlags = { ...FLAGS, read: true };
export const WRITE: OpenFlags = { ...FLAGS, write: true };
export const CREATE: OpenFlags = { ...WRITE, create: true };
export const BOTH: OpenFlags = { ...CREATE, read: true };
/** Makes a file with this text, or gives it this text. */
export async function put(files: FileSystem, path: string, text: string): Promise<void> {
  const handle = await files.open(path, { ...CREATE, truncate: true }, {});
  await handle.write!(Buffer.from(text), 0);
  await handle.close();
}

/** All that is in a file. */
export async function content(files: FileSystem, path: string): Promise<string> {
  const handle = await files.open(path, READ, {});
  const parts: Buffer[] = [];
  for (let position = 0; ;) {
    const buffer = Buffer.alloc(100_000);
    const count = await handle.read!(buffer, position);
    if (count === 0) break;
    parts.push(buffer.subarray(0, count));
    position += count;
  }
  await handle.close();
  return Buffer.concat(parts).toString();
}

/** As much as there is, as one read need not give it. */
export async function read(handle: FileHandle, position: number, length: number): Promise<string> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  for (let count = -1; count !== 0 && filled < length;) {
    count = await handle.read!(buffer.subarray(filled), position + filled);
    filled += count;
  }
  return buffer.toString("utf8", 0, filled);
}

/** All entries of a directory. */
export async function list(files: FileSystem, path: string): Promise<DirectoryEntry[]> {
  const entries: DirectoryEntry[] = [];
  for await (const entry of files.readdir(path)) entries.push(entry);
  return entries;
}
