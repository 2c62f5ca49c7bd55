import { Readable, Writable } from "node:stream";
import type { Output } from "./output.ts";

/** How much the stream takes from the session ahead of its reader, in bytes. */
const READ_AHEAD = 16_384;

/**
 * Hears what a listener of a stream threw. Left to Node it would come out wherever bytes are handed on, and end the
 * connection, or the process.
 */
export type ListenerFailed = (error: unknown) => void;

/** What a visitor sends, as a stream: the bytes as they come, without echo. `client.stdin`. */
export class InputStream extends Readable {
  readonly #wanted: () => void;
  readonly #failed: ListenerFailed;
  #wants = false;
  #isFinished = false;

  /** @param wanted is called when the reader wants more; {@link offer} answers it now or later. */
  constructor(wanted: () => void, failed: ListenerFailed) {
    super({ highWaterMark: READ_AHEAD, autoDestroy: false, emitClose: false });
    this.#wanted = wanted;
    this.#failed = failed;
    // A session ends whenever its user likes: that alone must not bring the process down.
    this.on("error", () => undefined);
  }

  /** Whether a reader waits for bytes. */
  get wants(): boolean {
    return this.#wants;
  }

  /** Hands bytes to the reader; only when it {@link wants} some. */
  offer(bytes: Uint8Array): void {
    this.#wants = this.push(bytes);
  }

  /** No more follows. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#wants = false;
    this.push(null);
  }

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    try {
      return super.emit(event, ...values);
    } catch (error) {
      this.#failed(error);
      return true;
    }
  }

  override _read(): void {
    if (this.#isFinished) return;
    this.#wants = true;
    // Not at once: `read()` would join what it has with what comes, which is a copy of all that a visitor sends.
    process.nextTick(this.#wanted);
  }
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

type WriteCallback = (error?: Error | null) => void;

/**
 * What a visitor sees, as a stream: `client.stdout` and `client.stderr`. It asks its writer to wait as long as the visitor
 * does not read; a writer that goes on all the same loses the session. `end()` leaves the session open, and what is
 * written after the session has ended is dropped.
 */
export class OutputStream extends Writable {
  readonly #output: Output;
  readonly #print: (bytes: Uint8Array) => void;
  readonly #maxUnsent: number;
  readonly #overflowed: () => void;
  readonly #failed: ListenerFailed;
  #lastByte: number | undefined;

  constructor(
    output: Output,
    print: (bytes: Uint8Array) => void,
    maxUnsent: number,
    overflowed: () => void,
    failed: ListenerFailed,
  ) {
    super({ autoDestroy: false, emitClose: false, decodeStrings: true });
    this.#output = output;
    this.#print = print;
    this.#maxUnsent = maxUnsent;
    this.#overflowed = overflowed;
    this.#failed = failed;
    this.on("error", () => undefined);
  }

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    try {
      return super.emit(event, ...values);
    } catch (error) {
      this.#failed(error);
      return true;
    }
  }

  override write(chunk: unknown, callback?: WriteCallback): boolean;
  override write(chunk: unknown, encoding: BufferEncoding, callback?: WriteCallback): boolean;
  override write(chunk: unknown, encoding?: BufferEncoding | WriteCallback, callback?: WriteCallback): boolean {
    const goOn =
      typeof encoding === "string" ? super.write(chunk, encoding, callback) : super.write(chunk, encoding ?? callback);
    if (this.writableLength > this.#maxUnsent) this.#overflowed();
    return goOn;
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: WriteCallback): void {
    this.#print(this.#output.isTerminal ? this.#withReturns(chunk) : chunk);
    if (this.#output.isFull) this.#output.whenDrained(callback);
    else callback();
  }

  /** A newline also has to bring the cursor back to the first column; a pair that is cut in two stays one pair. */
  #withReturns(bytes: Uint8Array): Uint8Array {
    let bare = 0;
    let previous = this.#lastByte;
    for (const byte of bytes) {
      if (byte === NEWLINE && previous !== RETURN) bare++;
      previous = byte;
    }
    const converted = bare === 0 ? bytes : new Uint8Array(bytes.length + bare);
    if (bare > 0) {
      let at = 0;
      previous = this.#lastByte;
      for (const byte of bytes) {
        if (byte === NEWLINE && previous !== RETURN) converted[at++] = RETURN;
        converted[at++] = byte;
        previous = byte;
      }
    }
    this.#lastByte = previous;
    return converted;
  }
}
