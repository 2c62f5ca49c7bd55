import type { Awaitable } from "../../server/index.ts";
import type { ChangedAttributes, FileHandle, FileSystem } from "../file-system.ts";
import { endHandle } from "../optional.ts";
import type { Deed } from "./wrap.ts";
import { handleWith, wrap } from "./wrap.ts";

/** A file that a client has closed, or has left open when it went. */
export interface Transfer {
  readonly path: string;
  /** Bytes that were written, or read, those that were sent twice counted twice. */
  readonly bytes: number;
  /** Bytes that the file has; of a download, -1 when that cannot be told any more. */
  readonly size: number;
  /** The client closed it, and every write went well. False: it went away, or a write was refused, and what is there may be a part. */
  readonly isComplete: boolean;
}

/** An operation that failed: of a file system, or of a handle that it had opened. */
export interface Failure {
  readonly operation: Deed["operation"] | "read" | "write" | "close";
  readonly path: string;
}

/** Hears of what was done. Each is awaited before the client gets its answer. */
export interface Observer {
  /** A file was written to, or read from, and is closed. */
  transferred(kind: "upload" | "download", transfer: Transfer): Awaitable<void>;
  /** An operation is done; opening a file is one, and so is setting a mode, an owner or times by a handle that nothing is written by. */
  done(deed: Deed): Awaitable<void>;
  /** An operation has failed; the client is told why. */
  failed?(failure: Failure, error: unknown): void;
}

/** A file system that tells an observer what clients do with it. @param isForProcesses as of the wrapping. */
export function observe(fileSystem: FileSystem, observer: Observer, isForProcesses = false): FileSystem {
  return wrap(fileSystem, {
    async around(deed, run) {
      let result: Awaited<ReturnType<typeof run>>;
      try {
        result = await run();
      } catch (error) {
        observer.failed?.(deed, error);
        throw error;
      }
      await observer.done(deed);
      return result;
    },
    opened: (handle, deed) => counted(handle, deed, observer),
    isForProcesses,
  });
}

function counted(handle: FileHandle, { path, flags }: Deed, observer: Observer): FileHandle {
  let [read, written] = [0, 0];
  let isWhole = true;
  // To make or to empty a file is an upload, if of nothing.
  let isWritten = flags?.truncate === true || flags?.create === true;
  /** How long the file is, where it need not be asked: the most uploads are of a file that was empty and is as long as what was written. */
  let known = flags?.truncate === true && !flags.append ? 0 : undefined;
  const addRead = (count: number): number => {
    read += count;
    return count;
  };
  const addWritten = (count: number, position: number): void => {
    written += count;
    isWritten = true;
    if (known !== undefined) known = Math.max(known, position + count);
  };
  const failing =
    (operation: Failure["operation"]) =>
    (error: unknown): never => {
      if (operation === "write") [isWhole, known] = [false, undefined];
      observer.failed?.({ operation, path }, error);
      throw error;
    };
  const [readFailed, writeFailed] = [failing("read"), failing("write")];
  const end = async (isClosed: boolean): Promise<void> => {
    const size = known ?? (isWritten || read > 0 ? await sizeOf(handle) : 0);
    try {
      await endHandle(handle, isClosed);
    } catch (error) {
      failing("close")(error);
    }
    if (isWritten)
      await observer.transferred("upload", { path, bytes: written, size, isComplete: isClosed && isWhole });
    if (read > 0) await observer.transferred("download", { path, bytes: read, size, isComplete: isClosed });
  };
  return handleWith(handle, {
    ...(handle.read && {
      read(buffer: Uint8Array, position: number) {
        let count: Awaitable<number>;
        try {
          count = handle.read!(buffer, position);
        } catch (error) {
          return readFailed(error);
        }
        return count instanceof Promise ? count.then(addRead, readFailed) : addRead(count);
      },
    }),
    ...(handle.write && {
      write(bytes: Uint8Array, position: number) {
        // No promise for a packet that needs none: with what is at once there are tens of thousands in a second.
        const { length } = bytes;
        let done: Awaitable<void>;
        try {
          done = handle.write!(bytes, position);
        } catch (error) {
          return writeFailed(error);
        }
        if (done === undefined) return addWritten(length, position);
        return done.then(() => addWritten(length, position), writeFailed);
      },
    }),
    ...(handle.setstat && {
      async setstat(changed: ChangedAttributes) {
        try {
          await handle.setstat?.(changed);
        } catch (error) {
          failing("setstat")(error);
        }
        const { size, ...others } = changed;
        if (size !== undefined) [known, isWritten] = [undefined, true];
        // What is set of a file that is being uploaded is a part of that.
        if (!isWritten && Object.keys(others).length > 0) {
          await observer.done({ operation: "setstat", path, attributes: others });
        }
      },
    }),
    close: () => end(true),
    abort: () => end(false),
  });
}

async function sizeOf(handle: FileHandle): Promise<number> {
  try {
    return (await handle.stat()).size;
  } catch {
    // The file has been closed all the same, and whoever hears of it has the bytes.
    return -1;
  }
}
