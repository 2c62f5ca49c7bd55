import { Writable } from "node:stream";

/** Where an output stream writes to. */
export interface OutputSink {
  /** Takes text, or bytes that must not be changed until they have left. @param isRaw takes them as they are. */
  write(chunk: string | Uint8Array, isRaw: boolean): void;
  /** Whether a writer should wait. */
  readonly isFull: boolean;
  /** Calls when a writer may go on. */
  whenDrained(goOn: () => void): void;
  /** Calls when all has left that was written. */
  whenLeft(goOn: () => void): void;
  /** More waits than the session may hold. */
  overflowed(): void;
  /** Hears what a listener or a callback threw: left to Node it would come out anywhere, and end the connection or the process. */
  failed(error: unknown): void;
  /** How much may wait, in bytes. */
  readonly maxUnsent: number;
}

type WriteCallback = (error?: Error | null) => void;

/** So much is written at once; the rest waits until the visitor has read. */
const SLICE = 65_536;
/** Up to here it costs less to copy bytes than to wait until they have left. */
const SMALL = 4096;
const LOW_SURROGATE = /[\udc00-\udfff]/;

/**
 * What a visitor sees, as a stream: a pipe, for a session without a terminal. It asks its writer to wait as long as the
 * visitor does not read; a writer that goes on all the same loses the session.
 *
 * It lives as long as the session: `end()` waits until all has been written and raises `finish`, `destroy()` tells those who
 * wait (`error`, `close`), and both leave it as it is. After the session, what is written is dropped and called back.
 */
export class OutputStream extends Writable {
  /** As lasting as the process's own: Inquirer's mute-stream ends any other output after the first prompt. */
  readonly _isStdio = true;
  readonly #sink: OutputSink;
  #isRaw = false;
  #isOver = false;
  /** What goes on when the visitor has read. */
  #next: (() => void) | undefined;
  /** The session ends: nothing waits any longer. */
  #isLast = false;

  constructor(sink: OutputSink) {
    super({ autoDestroy: false, emitClose: false, decodeStrings: false });
    this.#sink = sink;
    this.setMaxListeners(0);
    // A session ends whenever its user likes: that alone must not bring the process down.
    this.on("error", () => undefined);
  }

  /** Whether what is written goes out as it is. */
  get isRawOutput(): boolean {
    return this.#isRaw;
  }

  /** See `ClientWriteStream`. */
  setRawOutput(isRaw: boolean): this {
    this.#isRaw = isRaw;
    return this;
  }

  override write(chunk: unknown, callback?: WriteCallback): boolean;
  override write(chunk: unknown, encoding: BufferEncoding, callback?: WriteCallback): boolean;
  override write(chunk: unknown, encoding?: BufferEncoding | WriteCallback, callback?: WriteCallback): boolean {
    // One write may be as large as it likes, it is there already; but not one after the other.
    if (this.writableLength > this.#sink.maxUnsent) this.#sink.overflowed();
    const given = typeof encoding === "function" ? encoding : callback;
    const done = given === undefined ? given : (error?: Error | null) => this.#call(given, error);
    if (!this.#isOver)
      return typeof encoding === "string" ? super.write(chunk, encoding, done) : super.write(chunk, done);
    if (done !== undefined) process.nextTick(done);
    return true;
  }

  override end(callback?: () => void): this;
  override end(chunk: unknown, callback?: () => void): this;
  override end(chunk: unknown, encoding: BufferEncoding, callback?: () => void): this;
  override end(chunk?: unknown, encoding?: BufferEncoding | (() => void), callback?: () => void): this {
    const done = [chunk, encoding, callback].find((argument) => typeof argument === "function") as
      | (() => void)
      | undefined;
    if (chunk !== undefined && chunk !== null && typeof chunk !== "function") {
      if (typeof encoding === "string") this.write(chunk, encoding);
      else this.write(chunk);
    }
    // What is written is called back in order, nothing as well.
    this.write("", () => {
      this.emit("finish");
      if (done !== undefined) this.#call(done);
    });
    return this;
  }

  override destroy(error?: Error | null): this {
    if (this.destroyed) return this;
    if (this.#isOver) super.destroy();
    process.nextTick(() => {
      if (error !== undefined && error !== null) this.emit("error", error);
      this.emit("close");
    });
    return this;
  }

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    try {
      return super.emit(event, ...values);
    } catch (error) {
      this.#sink.failed(error);
      return true;
    }
  }

  /** Writes what waits, however much it is: the session ends. */
  flush(): void {
    this.#isLast = true;
    while (this.writableCorked > 0) this.uncork();
    this.#goOn();
  }

  /** The session is over: whoever still writes hears of it. */
  close(reason: Error): void {
    if (this.#isOver) return;
    this.flush();
    this.#isOver = true;
    this.destroy(reason);
  }

  override _write(chunk: string | Uint8Array, encoding: BufferEncoding, callback: WriteCallback): void {
    this.#give(isText(chunk, encoding) ? chunk : bytesOf(chunk, encoding), 0, callback);
  }

  /** Writes what is left of a chunk, slice by slice. */
  #give(chunk: string | Uint8Array, from: number, callback: WriteCallback): void {
    let at = from;
    while (at < chunk.length) {
      if (this.#sink.isFull && !this.#isLast) {
        this.#wait(() => this.#give(chunk, at, callback));
        return;
      }
      const end = sliceEnd(chunk, at);
      this.#sink.write(typeof chunk === "string" ? chunk.slice(at, end) : chunk.subarray(at, end), this.#isRaw);
      at = end;
    }
    if (this.#isLast) callback();
    // Bytes may be written over once they are called back.
    else if (typeof chunk !== "string" && chunk.length > SMALL) this.#waitUntilLeft(callback);
    else if (this.#sink.isFull) this.#wait(callback);
    else callback();
  }

  #wait(next: () => void): void {
    this.#next = next;
    this.#sink.whenDrained(() => this.#goOnSoon(next));
  }

  #waitUntilLeft(next: () => void): void {
    this.#next = next;
    this.#sink.whenLeft(() => this.#goOnSoon(next));
  }

  /** What was called back at once hears of it in the next tick, and before what had to wait. */
  #goOnSoon(next: () => void): void {
    process.nextTick(() => this.#goOn(next));
  }

  #call(callback: WriteCallback, error?: Error | null): void {
    try {
      callback(error);
    } catch (thrown) {
      this.#sink.failed(thrown);
    }
  }

  /** Goes on with what waits; with `only` unless it went on already. */
  #goOn(only: (() => void) | undefined = this.#next): void {
    if (only === undefined || this.#next !== only) return;
    this.#next = undefined;
    only();
  }
}

function isText(chunk: string | Uint8Array, encoding: BufferEncoding): chunk is string {
  return typeof chunk === "string" && (encoding === "utf8" || encoding === "utf-8");
}

/** Small ones are copied. */
function bytesOf(chunk: string | Uint8Array, encoding: BufferEncoding): Uint8Array {
  if (typeof chunk === "string") return Buffer.from(chunk, encoding);
  return chunk.length > SMALL ? chunk : Buffer.from(chunk);
}

/** The end of a slice that begins at an offset: never between the halves of a character. */
function sliceEnd(chunk: string | Uint8Array, from: number): number {
  const end = Math.min(chunk.length, from + SLICE);
  const isCut = typeof chunk === "string" && LOW_SURROGATE.test(chunk[end] ?? "");
  return isCut ? end - 1 : end;
}
