import { FileError } from "../error.ts";
import type { FileAttributes, FileHandle, FileSystem } from "../file-system.ts";
import { endHandle } from "../optional.ts";
import { joinPath, nameOf } from "../path.ts";
import type { FaultLog } from "./faults.ts";
import { textOf } from "./faults.ts";
import { entryRecord, MAX_DEPTH, timesRecord } from "./records.ts";
import type { ScpWire } from "./wire.ts";
import { ScpAbort } from "./wire.ts";

const BLOCK = 262_144;
const TO_READ = { read: true, write: false, append: false, create: false, truncate: false, exclusive: false } as const;
const END = Buffer.from("E\n");

/** How a source was asked to work. */
export interface SourceOptions {
  readonly recursive: boolean;
  readonly keepsTimes: boolean;
}

/** Sends files to a client of the old protocol (`scp -f`). */
export class ScpSource {
  readonly #wire: ScpWire;
  readonly #files: FileSystem;
  readonly #options: SourceOptions;
  readonly #log: FaultLog;

  constructor(wire: ScpWire, files: FileSystem, options: SourceOptions, log: FaultLog) {
    this.#wire = wire;
    this.#files = files;
    this.#options = options;
    this.#log = log;
  }

  /** @throws ScpAbort */
  async send(paths: readonly string[]): Promise<void> {
    if (!(await this.#wire.isAccepted())) return;
    for (const path of paths) await this.#entry(path, nameOf(path), []);
  }

  /** @param above the identities of the directories that it lies in. */
  async #entry(path: string, name: string, above: readonly (string | undefined)[]): Promise<void> {
    try {
      if (name === "") {
        throw new FileError("INVALID", "the first directory has no name to be sent by: ask for /*, or take sftp");
      }
      // As scp does: what is copied is what a link leads to.
      const attributes = await this.#files.stat(path);
      if (attributes.type === "directory") await this.#directory(path, name, attributes, above);
      else if (attributes.type === "file") await this.#file(path, name);
      else throw new FileError("INVALID", "Not a regular file");
    } catch (error) {
      if (error instanceof ScpAbort) throw error;
      this.#wire.warn(textOf(error, this.#log), path);
    }
  }

  async #directory(
    path: string,
    name: string,
    attributes: FileAttributes,
    above: readonly (string | undefined)[],
  ): Promise<void> {
    if (!this.#options.recursive) throw new FileError("IS_A_DIRECTORY", "Is a directory, and -r was not given");
    if (above.length >= MAX_DEPTH) {
      throw new FileError("INVALID", `more than ${MAX_DEPTH} directories in each other`);
    }
    const { identity } = attributes;
    // A link may lead to a directory that it lies in.
    if (identity !== undefined && above.includes(identity)) throw new FileError("LOOP");
    const record = entryRecord(name, attributes);
    if (!(await this.#announce(attributes, record))) return;
    const names: string[] = [];
    try {
      for await (const entry of this.#files.readdir(path)) names.push(entry.name);
    } catch (error) {
      if (error instanceof ScpAbort) throw error;
      this.#wire.warn(textOf(error, this.#log), path);
    }
    for (const entry of names.toSorted()) await this.#entry(joinPath(path, entry), entry, [...above, identity]);
    await this.#wire.send(END);
    await this.#wire.isAccepted();
  }

  async #file(path: string, name: string): Promise<void> {
    const handle = await this.#files.open(path, TO_READ, {});
    let isGone = false;
    try {
      if (handle.read === undefined) throw new FileError("UNSUPPORTED");
      const attributes = await handle.stat();
      const record = entryRecord(name, { ...attributes, type: "file" });
      if (!(await this.#announce(attributes, record))) return;
      const fault = await this.#contents(handle, attributes.size);
      if (fault === undefined) this.#wire.ok();
      else this.#wire.warn(textOf(fault, this.#log), path);
      await this.#wire.isAccepted();
    } catch (error) {
      isGone = error instanceof ScpAbort;
      throw error;
    } finally {
      await endHandle(handle, !isGone);
    }
  }

  /** Tells what comes; false when the client does not want it. */
  async #announce(attributes: FileAttributes, record: Uint8Array): Promise<boolean> {
    if (this.#options.keepsTimes) {
      await this.#wire.send(timesRecord(attributes));
      if (!(await this.#wire.isAccepted())) return false;
    }
    await this.#wire.send(record);
    return this.#wire.isAccepted();
  }

  /** Sends as many bytes as were announced: zeros for those that are not to be had. */
  async #contents(handle: FileHandle, size: number): Promise<unknown> {
    let fault: unknown;
    let leaving: Promise<void> = Promise.resolve();
    const blockSize = Math.min(BLOCK, size);
    // One is filled while the other leaves.
    const buffers: Buffer[] = [];
    for (let position = 0, turn = 0; position < size; turn ^= 1) {
      const buffer = (buffers[turn] ??= Buffer.allocUnsafe(blockSize));
      const wanted = buffer.subarray(0, Math.min(blockSize, size - position));
      let length = 0;
      if (fault === undefined) {
        try {
          length = (await handle.read?.(wanted, position)) ?? 0;
          if (length === 0) fault = new FileError("FAILURE", "The file has become shorter while it was sent");
        } catch (error) {
          fault = error ?? new FileError("FAILURE");
        }
      }
      const block = fault === undefined ? wanted.subarray(0, length) : wanted.fill(0);
      position += block.length;
      await leaving;
      leaving = this.#wire.send(block);
      // It is awaited behind the next read.
      leaving.catch(() => undefined);
    }
    await leaving;
    return fault;
  }
}
