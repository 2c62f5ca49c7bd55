import { FileError } from "../error.ts";
import type { OpenFile } from "./handles.ts";
import { MAX_DATA } from "./wire/numbers.ts";
import type { Service } from "./operation.ts";
import { notOpenFor } from "./requests.ts";

/** What copy-data asks for. */
export interface Copy {
  readonly source: OpenFile;
  readonly from: number;
  /** 0 is all that there is. */
  readonly length: number;
  readonly target: OpenFile;
  readonly to: number;
}

/**
 * Copies bytes from one open file to another (OpenSSH PROTOCOL §4.14), at most as many as the source has when it begins: a file
 * that grows meanwhile has an end all the same.
 *
 * @throws FileError `INVALID` for a file and itself, also under two names.
 */
export async function copyData(service: Service, { source, from, length, target, to }: Copy): Promise<void> {
  const { handle: input } = source;
  const { handle: output } = target;
  if (input.read === undefined || !source.flags.read) throw notOpenFor("reading");
  if (output.write === undefined || !target.flags.write) throw notOpenFor("writing");
  const [there, here] = [await input.stat(), await output.stat()];
  const isSame = there.identity === undefined ? source.path === target.path : there.identity === here.identity;
  if (isSame || source === target) throw new FileError("INVALID", "A file is not copied onto itself");
  const asked = length === 0 ? Infinity : length;
  const count = Math.max(0, Math.min(asked, there.size - from));
  if (to > Number.MAX_SAFE_INTEGER - count) throw new FileError("INVALID", "No file is that long");
  const buffer = service.buffers.take(MAX_DATA);
  for (let copied = 0; copied < count && !service.isOver;) {
    const part = buffer.subarray(0, Math.min(MAX_DATA, count - copied));
    const read = await input.read(part, from + copied);
    if (read === 0) break;
    await output.write(part.subarray(0, read), to + copied);
    copied += read;
  }
  service.buffers.give(buffer);
}
