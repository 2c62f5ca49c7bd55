import type { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import type { ReadStream, WriteStream } from "node:tty";
import type { RawModeOptions } from "./terminal-input-stream.ts";

/**
 * To Node's types the streams of a terminal are sockets. Ours go wherever such a type is asked for, and what they have not
 * of a socket is `never`: to use it does not compile.
 */
type Lacking<Stream, Kind> = Stream & { readonly [Name in Exclude<keyof Socket, keyof Kind | "ref" | "unref">]: never };

/**
 * `client.stdin`; it goes wherever a `NodeJS.ReadStream` or a `tty.ReadStream` is asked for.
 *
 * With a terminal it has what a `tty.ReadStream` has. Without one it is a plain stream, as Node's `process.stdin` is for a
 * pipe: `isTTY`, `isRaw`, `setRawMode`, `ref` and `unref` are undefined, which the type, like Node's, does not say.
 */
export interface ClientReadStream extends Lacking<ReadStream, Readable> {
  /**
   * Hands every key through at once, without echo, Ctrl-C as well (true); or lines, which are echoed and
   * can be corrected (false). Every command begins with lines.
   */
  setRawMode(isRaw: boolean, options?: RawModeOptions): this;
}

/**
 * `client.stdout` and `client.stderr`; they go wherever a `NodeJS.WriteStream` or a `tty.WriteStream` is asked for.
 *
 * With a terminal they have what a `tty.WriteStream` has. Without one they are plain streams, as Node's are for a pipe:
 * `isTTY`, `columns`, `rows`, `getColorDepth`, `cursorTo` and their kin are undefined, which the type, like Node's, does
 * not say.
 */
export interface ClientWriteStream extends Lacking<WriteStream, Writable> {
  /**
   * Writes as it is (true) what a terminal has made already, such as the output of a program on a PTY: no `\r` before `\n`,
   * no colours converted. It is for the screen what `setRawMode` is for the keys. Every command begins with false.
   */
  setRawOutput(isRaw: boolean): this;
  readonly isRawOutput: boolean;
}
