import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { directory } from "../../../../src/files/index.ts";
import type { DirectoryFileSystem, DirectoryOptions, FileSystem, OpenFlags } from "../../../../src/files/index.ts";

/** A directory that is served, and one beside it that must not be reached. Both are gone behind the tests of a file. */
export interface Ground {
  readonly disk: DirectoryFileSystem;
  readonly root: string;
  readonly outside: string;
}

export function makeGround(options?: DirectoryOptions, under = tmpdir()): Ground {
  const folder = mkdtempSync(join(under, "sallyport-disk-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const root = join(folder, "jail");
  const outside = join(folder, "jail_evil");
  mkdirSync(root);
  mkdirSync(outside);
  return { disk: directory(root, options), root, outside };
}

const none: OpenFlags = {
  read: false,
  write: false,
  append: false,
  create: false,
  truncate: false,
  exclusive: false,
};
/** How clients open what they download. */
export const DOWNLOAD: OpenFlags = { ...none, read: true };
/** How clients open what they upload. */
export const UPLOAD: OpenFlags = { ...none, write: true, create: true, truncate: true };
/** How clients open what they go on uploading. */
export const RESUME: OpenFlags = { ...none, write: true };

export async function upload(disk: FileSystem, path: string, content: string, mode?: number): Promise<void> {
  const file = await disk.open(path, UPLOAD, mode === undefined ? {} : { mode });
  await file.write!(Buffer.from(content), 0);
  await file.close();
}

export async function download(disk: FileSystem, path: string): Promise<string> {
  const file = await disk.open(path, DOWNLOAD, {});
  try {
    const buffer = Buffer.alloc(65_536);
    return buffer.toString("utf8", 0, await file.read!(buffer, 0));
  } finally {
    await file.close();
  }
}

export async function list(disk: FileSystem, path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of disk.readdir(path)) names.push(name);
  return names.toSorted();
}

/** The descriptors of this process that lead to or below a directory. */
export function descriptorsBelow(folder: string): string[] {
  return readdirSync("/proc/self/fd")
    .map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        // The one that the listing itself was read by.
        return "";
      }
    })
    .filter((path) => path.startsWith(folder));
}
