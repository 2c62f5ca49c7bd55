import type { Awaitable } from "../../server/index.ts";
import { FileError } from "../error.ts";
import type { FileHandle, OpenFlags } from "../file-system.ts";
import { endHandle } from "../optional.ts";
import type { Listing } from "./listing.ts";
import { MAX_HANDLES } from "./wire/numbers.ts";

/** An open file, and what is under way with it. */
export interface OpenFile {
  readonly kind: "file";
  readonly path: string;
  readonly flags: OpenFlags;
  readonly handle: FileHandle;
  reads: number;
  isWriting: boolean;
}

/** An open directory. */
export interface OpenDirectory {
  readonly kind: "directory";
  readonly path: string;
  readonly listing: Listing;
}

type Opened = OpenFile | OpenDirectory;

const LENGTH = 4;

/** What one session has open. A handle is a number that is not used again, so that a closed one never means another file. */
export class Handles {
  readonly #open: Map<number, Opened> = new Map();
  #last = 0;

  /** Whether another may be opened. */
  get hasRoom(): boolean {
    return this.#open.size < MAX_HANDLES;
  }

  /** Gives the handle as the client is told it. */
  add(opened: Opened): Uint8Array {
    do this.#last = (this.#last + 1) >>> 0;
    while (this.#open.has(this.#last));
    this.#open.set(this.#last, opened);
    const name = Buffer.alloc(LENGTH);
    name.writeUInt32BE(this.#last);
    return name;
  }

  /** @throws FileError `FAILURE` for what is no handle of this session: version 3 has no status of its own for that. */
  find(name: Uint8Array): Opened {
    const opened = this.#open.get(numberOf(name));
    if (opened === undefined) throw new FileError("FAILURE", "There is no such handle");
    return opened;
  }

  /** @throws FileError `FAILURE` also for the handle of a directory. */
  file(name: Uint8Array): OpenFile {
    const opened = this.find(name);
    if (opened.kind !== "file") throw new FileError("FAILURE", "The handle is a directory's");
    return opened;
  }

  /** @throws FileError `FAILURE` also for the handle of a file. */
  directory(name: Uint8Array): OpenDirectory {
    const opened = this.find(name);
    if (opened.kind !== "directory") throw new FileError("FAILURE", "The handle is a file's");
    return opened;
  }

  /** The handle is gone, whatever comes of closing what it stood for. */
  close(name: Uint8Array): Awaitable<void> {
    const opened = this.find(name);
    this.#open.delete(numberOf(name));
    return opened.kind === "file" ? opened.handle.close() : opened.listing.close();
  }

  /** The client has gone: closes all that it left open. @param failed is told what went wrong. */
  async closeAll(failed: (error: unknown) => void): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(
      all.map(async (opened) => {
        try {
          await abandon(opened);
        } catch (error) {
          failed(error);
        }
      }),
    );
  }
}

async function abandon(opened: Opened): Promise<void> {
  if (opened.kind === "directory") await opened.listing.close();
  else await endHandle(opened.handle, false);
}

/** Whatever else a client sends as a handle is the number of nothing. */
function numberOf(name: Uint8Array): number {
  if (name.length !== LENGTH) return -1;
  return ((name[0]! << 24) | (name[1]! << 16) | (name[2]! << 8) | name[3]!) >>> 0;
}
