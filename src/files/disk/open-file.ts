import { close, fsync, read, statfs, write } from "node:fs";
import { FileError } from "../error.ts";
import type { ChangedAttributes, FileAttributes, FileHandle, FileSystemUsage, OpenFlags } from "../file-system.ts";
import { attributesOf, change, openTarget, toAttributes, usageOf } from "./attributes.ts";
import type { ChangeRules } from "./attributes.ts";
import { call, perform } from "./calls.ts";

/** What becomes of a file when it is closed: see `replacement.ts`. */
export interface Ending {
  /** All was written: `failed` is what a write has failed with, if one has. Runs while the descriptor is open. */
  close(failed: Error | undefined): Promise<void>;
  /** The client has gone. */
  abort(): Promise<void>;
}

/** A file that is open on the disk. */
export class OpenFile implements FileHandle {
  readonly read?: (buffer: Uint8Array, position: number) => Promise<number>;
  readonly write?: (bytes: Uint8Array, position: number) => Promise<void>;
  readonly #fd: number;
  readonly #rules: ChangeRules;
  readonly #ending: Ending | undefined;
  #failed: Error | undefined;
  #busy = 0;
  #idle: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(fd: number, flags: Pick<OpenFlags, "read" | "write">, rules: ChangeRules, ending?: Ending) {
    this.#fd = fd;
    this.#rules = rules;
    this.#ending = ending;
    if (flags.read) this.read = (buffer, position) => this.#during(() => readOnce(fd, buffer, position));
    if (flags.write) this.write = (bytes, position) => this.#during(() => this.#writeAll(bytes, position));
  }

  async stat(): Promise<FileAttributes> {
    return toAttributes(await this.#during(() => attributesOf(this.#fd)));
  }

  setstat(changed: ChangedAttributes): Promise<void> {
    return this.#during(async () => change(openTarget(this.#fd), await attributesOf(this.#fd), changed, this.#rules));
  }

  sync(): Promise<void> {
    return this.#during(() => perform((done) => fsync(this.#fd, done)));
  }

  statfs(): Promise<FileSystemUsage> {
    return this.#during(async () => usageOf(await call((done) => statfs(`/proc/self/fd/${this.#fd}`, done))));
  }

  close(): Promise<void> {
    return this.#end(async (ending) => ending.close(this.#failed));
  }

  abort(): Promise<void> {
    return this.#end(async (ending) => ending.abort());
  }

  async #end(end: (ending: Ending) => Promise<void>): Promise<void> {
    this.#closing ??= this.#close(end);
    await this.#closing;
  }

  async #close(end: (ending: Ending) => Promise<void>): Promise<void> {
    // The number of a descriptor that is closed is the next file's: whatever still runs on it would run on that.
    if (this.#busy > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    try {
      if (this.#ending !== undefined) await end(this.#ending);
    } finally {
      await perform((done) => close(this.#fd, done));
    }
  }

  async #writeAll(bytes: Uint8Array, position: number): Promise<void> {
    try {
      // A disk that has room for a part takes that part, and says that it is full the next time.
      for (let done = 0; done < bytes.length;) {
        done += await writeOnce(this.#fd, done === 0 ? bytes : bytes.subarray(done), position + done);
      }
    } catch (error) {
      this.#failed ??= error as Error;
      throw error;
    }
  }

  async #during<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#closing !== undefined) throw new FileError("FAILURE", "The file is closed");
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#busy -= 1;
      if (this.#busy === 0) this.#idle?.();
    }
  }
}

function readOnce(fd: number, buffer: Uint8Array, position: number): Promise<number> {
  return call((done) => read(fd, buffer, 0, buffer.length, position, done));
}

function writeOnce(fd: number, bytes: Uint8Array, position: number): Promise<number> {
  return call((done) => write(fd, bytes, 0, bytes.length, position, done));
}
