import { ConfigError } from "../../server/index.ts";
import type { FileHandle, FileSystem } from "../file-system.ts";
import { handleWith, wrap } from "./wrap.ts";

/** How fast bytes may go. */
export interface RateOptions {
  /** Bytes a second that all uploads together may have. Default no limit. */
  readonly upload?: number;
  /** Bytes a second that all downloads together may have. Default no limit. */
  readonly download?: number;
}

/**
 * A file system from which and to which no more than so many bytes a second go, all its sessions together. One second's bytes may go at
 * once after a pause.
 *
 *     rate(files, { upload: 1024 ** 2, download: 10 * 1024 ** 2 })
 *
 * @throws ConfigError `BAD_OPTION`.
 */
export function rate(fileSystem: FileSystem, { upload, download }: RateOptions): FileSystem {
  const up = upload === undefined ? undefined : new Allowance("upload", upload);
  const down = download === undefined ? undefined : new Allowance("download", download);
  return wrap(fileSystem, {
    around: (_, run) => run(),
    opened: (handle) => slowed(handle, up, down),
  });
}

function slowed(handle: FileHandle, up: Allowance | undefined, down: Allowance | undefined): FileHandle {
  const read = handle.read?.bind(handle);
  const write = handle.write?.bind(handle);
  return handleWith(handle, {
    ...(read &&
      down && {
        read: async (buffer: Uint8Array, position: number) => {
          const count = await read(buffer, position);
          await down.take(count);
          return count;
        },
      }),
    ...(write &&
      up && {
        write: async (bytes: Uint8Array, position: number) => {
          await up.take(bytes.length);
          await write(bytes, position);
        },
      }),
  });
}

/** So many bytes a second, first come, first served. */
class Allowance {
  readonly #perSecond: number;
  /** When all that has been taken is paid for, in milliseconds since 1970. */
  #paid = 0;

  constructor(name: string, perSecond: number) {
    if (!(Number.isFinite(perSecond) && perSecond >= 1)) {
      throw new ConfigError("BAD_OPTION", `${name} of rate() is a number of bytes a second, 1 or more.`);
    }
    this.#perSecond = perSecond;
  }

  async take(bytes: number): Promise<void> {
    const now = Date.now();
    // Of the time in which nothing was taken, a second counts.
    this.#paid = Math.max(this.#paid, now - 1000) + (bytes / this.#perSecond) * 1000;
    const wait = this.#paid - now;
    if (wait > 0) await new Promise<void>((resolve) => setTimeout(resolve, wait).unref());
  }
}
