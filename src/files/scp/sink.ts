import { FileError, unlessMissing } from "../error.ts";
import type { ChangedAttributes, FileAttributes, FileHandle, FileSystem } from "../file-system.ts";
import { endHandle } from "../optional.ts";
import { joinPath } from "../path.ts";
import type { FaultLog } from "./faults.ts";
import { textOf } from "./faults.ts";
import type { ScpRecord } from "./records.ts";
import { MAX_DEPTH } from "./records.ts";
import type { ScpWire } from "./wire.ts";
import { ScpAbort } from "./wire.ts";

/** Pieces of a file are joined up to this size before they are written. */
const BLOCK = 262_144;
const NEW_FILE = { read: false, write: true, append: false, create: true, truncate: true, exclusive: false } as const;
/** What a client that does not keep modes leaves to others, as under the umask that most systems have. */
const NOT_FOR_OTHERS = 0o022;
/** The owner of a directory can put files into it, whatever its mode is to become. */
const OWNER = 0o700;

/** How a sink was asked to work. */
export interface SinkOptions {
  readonly recursive: boolean;
  readonly keepsTimes: boolean;
  readonly toDirectory: boolean;
}

type Times = Pick<ChangedAttributes, "atime" | "mtime">;
type Entry = ScpRecord & { readonly type: "file" | "directory" };

/** Takes files from a client of the old protocol (`scp -t`). */
export class ScpSink {
  readonly #wire: ScpWire;
  readonly #files: FileSystem;
  readonly #options: SinkOptions;
  readonly #log: FaultLog;

  constructor(wire: ScpWire, files: FileSystem, options: SinkOptions, log: FaultLog) {
    this.#wire = wire;
    this.#files = files;
    this.#options = options;
    this.#log = log;
  }

  /** Takes what comes until its end. @throws FileError for a record that is none; ScpAbort. */
  async receive(target: string): Promise<void> {
    const found = await this.#find(target);
    if (this.#options.toDirectory && found?.type !== "directory") {
      throw new FileError(found === undefined ? "NOT_FOUND" : "NOT_A_DIRECTORY");
    }
    this.#wire.ok();
    const isDirectory = found?.type === "directory";
    await this.#entries((name) => (isDirectory ? joinPath(target, name) : target), 0);
  }

  /** @param place where what is called so belongs. */
  async #entries(place: (name: string) => string, depth: number): Promise<void> {
    let times: Times | undefined;
    for (;;) {
      const record = await this.#wire.record();
      if (record === undefined) {
        if (depth > 0) throw new ScpAbort("a directory is cut off");
        return;
      }
      switch (record.type) {
        case "warning":
          this.#wire.hasFailed = true;
          break;
        case "fatal":
          throw new ScpAbort("the other end has given up");
        case "times":
          times = { atime: record.atime, mtime: record.mtime };
          this.#wire.ok();
          break;
        case "end":
          if (depth === 0) throw new FileError("INVALID", "an end without a directory");
          this.#wire.ok();
          return;
        case "file":
        case "directory":
          await this.#entry(record, place(record.name), times, depth);
          times = undefined;
      }
    }
  }

  #entry(record: Entry, path: string, times: Times | undefined, depth: number): Promise<void> {
    if (record.type === "file") return this.#file(path, record.mode, record.size, times);
    if (!this.#options.recursive) throw new FileError("INVALID", "a directory, and -r was not given");
    if (depth >= MAX_DEPTH) throw new FileError("INVALID", `more than ${MAX_DEPTH} directories in each other`);
    return this.#directory(path, record.mode, times, depth + 1);
  }

  async #directory(path: string, mode: number, times: Times | undefined, depth: number): Promise<void> {
    try {
      await this.#makeDirectory(path, mode);
    } catch (error) {
      // The client leaves the directory out, and goes on.
      this.#wire.warn(textOf(error, this.#log), path);
      return;
    }
    this.#wire.ok();
    await this.#entries((name) => joinPath(path, name), depth);
    // Last: what came into it has changed its times, and a mode may keep even its owner out.
    await this.#keep(path, mode, times);
  }

  async #makeDirectory(path: string, mode: number): Promise<void> {
    const found = await this.#find(path);
    if (found !== undefined) {
      if (found.type !== "directory") throw new FileError("NOT_A_DIRECTORY");
      return;
    }
    if (this.#files.mkdir === undefined) throw new FileError("UNSUPPORTED");
    await this.#files.mkdir(path, { mode: this.#modeOf(mode) | OWNER });
  }

  async #file(path: string, mode: number, size: number, times: Times | undefined): Promise<void> {
    let handle: FileHandle;
    try {
      handle = await this.#files.open(path, NEW_FILE, { mode: this.#modeOf(mode) });
    } catch (error) {
      // The client does not send the bytes, and goes on with the next file.
      this.#wire.warn(textOf(error, this.#log), path);
      return;
    }
    let fault: unknown;
    let isWhole = false;
    try {
      this.#wire.ok();
      fault = await this.#contents(handle, size);
      // The client may have been unable to read its file, and have filled it up.
      isWhole = (await this.#wire.isWhole()) && fault === undefined;
    } finally {
      const failed = await caught(() => endHandle(handle, isWhole));
      fault ??= failed;
    }
    if (fault !== undefined) this.#wire.warn(textOf(fault, this.#log), path);
    else if (!isWhole || (await this.#keep(path, mode, times))) this.#wire.ok();
  }

  /** Takes all the bytes, also when they cannot be written any more: the next record stands behind them. */
  async #contents(handle: FileHandle, size: number): Promise<unknown> {
    let fault: unknown = handle.write === undefined ? new FileError("UNSUPPORTED") : undefined;
    let underWay: Promise<unknown> = Promise.resolve();
    // One is filled while the other is written.
    const buffers: Buffer[] = [];
    try {
      for (let position = 0, turn = 0; position < size; turn ^= 1) {
        const length = Math.min(BLOCK, size - position);
        const block = (buffers[turn] ??= Buffer.allocUnsafe(length)).subarray(0, length);
        await this.#fill(block);
        fault ??= await underWay;
        const at = position;
        position += length;
        if (fault === undefined) underWay = caught(() => handle.write?.(block, at));
      }
    } finally {
      // Nobody closes a file that is being written to.
      fault ??= await underWay;
    }
    return fault;
  }

  async #fill(block: Uint8Array): Promise<void> {
    for (let filled = 0; filled < block.length;) {
      const piece = await this.#wire.bytes(block.length - filled);
      block.set(piece, filled);
      filled += piece.length;
    }
  }

  /** Gives a file or a directory the times and the mode that it had, where that is asked for; false when it was told that it cannot. */
  async #keep(path: string, mode: number, times: Times | undefined): Promise<boolean> {
    const changed = { ...(this.#options.keepsTimes && { mode }), ...times };
    // Without times and modes a file system is asked for nothing that it need not have.
    if (this.#files.setstat === undefined || Object.keys(changed).length === 0) return true;
    const fault = await caught(() => this.#files.setstat?.(path, changed));
    if (fault !== undefined) this.#wire.warn(textOf(fault, this.#log), path);
    return fault === undefined;
  }

  #modeOf(mode: number): number {
    return this.#options.keepsTimes ? mode : mode & ~NOT_FOR_OTHERS;
  }

  #find(path: string): Promise<FileAttributes | undefined> {
    return unlessMissing(() => this.#files.stat(path));
  }
}

/** What an action throws; undefined when it works. */
async function caught(action: () => unknown): Promise<unknown> {
  try {
    await action();
    return undefined;
  } catch (error) {
    return error ?? new FileError("FAILURE");
  }
}
