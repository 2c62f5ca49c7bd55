import { createHash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  truncateSync,
} from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { TestContext } from "node:test";
import { directory, serveFiles } from "../../../src/files/index.ts";
import type { DirectoryOptions } from "../../../src/files/index.ts";
import { noise } from "../../target/programs.ts";
import { makeFolder, startSubject, until } from "../harness/index.ts";
import type { Subject } from "../harness/index.ts";

/** A server whose files are a directory, and a directory of the client's. */
export interface Ground extends Subject {
  /** What is served. */
  readonly root: string;
  /** Where the client has its files. */
  readonly here: string;
  /** Waits until nothing below the root is open any more: no handle was left behind. */
  readonly allClosed: () => Promise<void>;
}

export async function startFiles(t: TestContext, options: DirectoryOptions = {}): Promise<Ground> {
  const subject = await startSubject(t);
  const folder = makeFolder();
  const [root, here] = [join(folder, "served"), join(folder, "here")];
  mkdirSync(root);
  mkdirSync(here);
  serveFiles(subject.server, { fileSystem: () => directory(root, options) });
  return {
    ...subject,
    root,
    here,
    allClosed: () => until("all handles to be closed", () => openBelow(root).length === 0),
  };
}

/** Writes a file of so many bytes that repeat nowhere. */
export async function writeNoise(path: string, bytes: number): Promise<string> {
  await pipeline(
    Readable.from(noise(Math.max(1, Math.ceil(bytes / 1024 ** 2))), { objectMode: false }),
    createWriteStream(path),
  );
  truncateSync(path, bytes);
  return path;
}

/** The SHA-256 of a file. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1024 ** 2 }), hash);
  return hash.digest("hex");
}

/** The first part of a file, as a transfer that broke off leaves it. */
export async function writeBeginning(from: string, to: string, bytes: number): Promise<void> {
  await pipeline(createReadStream(from, { end: bytes - 1 }), createWriteStream(to));
}

/** How long a file is by now; 0 if there is none. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function openBelow(folder: string): string[] {
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
