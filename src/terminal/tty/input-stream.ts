import { Readable } from "node:stream";

/**
 * What a visitor sends, as a stream of bytes: a pipe. Whoever has the bytes {@link offer}s them when a reader wants some.
 *
 * `destroy()` tells those who wait (`error`, `close`) and leaves the stream as it is: a `pipeline` that fails and a
 * `for await` that is left early destroy what they read from, and the session goes on.
 */
export class InputStream extends Readable {
  readonly #wanted: () => void;
  readonly #failed: (error: unknown) => void;
  #wants = false;
  #isFinished = false;

  /**
   * @param wanted is called when a reader wants more; {@link offer} answers it now or later.
   * @param failed hears what a listener threw. Left to Node it would come out where bytes are handed on, and end the
   *   connection, or the process.
   */
  constructor(wanted: () => void, failed: (error: unknown) => void) {
    // As in a tty.ReadStream nothing is read ahead: what no reader has asked for can still go to somebody else.
    super({ highWaterMark: 0, autoDestroy: false, emitClose: false });
    this.#wanted = wanted;
    this.#failed = failed;
    this.setMaxListeners(0);
    // A session ends whenever its user likes: that alone must not bring the process down.
    this.on("error", () => undefined);
  }

  /** Whether a reader waits for bytes. */
  get wants(): boolean {
    return this.#wants && !this.#isFinished;
  }

  /** Whether somebody reads, now or later: who pauses has not left. */
  get hasReader(): boolean {
    return this.listenerCount("data") > 0 || this.listenerCount("readable") > 0;
  }

  /** Whether no more will come of it. */
  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** Hands bytes to the reader; only when it {@link wants} some. */
  offer(bytes: Uint8Array): void {
    // With nothing read ahead the answer says whether the reader is in the middle of reading.
    this.#wants = false;
    this.push(bytes);
  }

  /** No more follows. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.push(null);
  }

  /**
   * No more follows, and nobody may read any longer: who does hears of the end, and in the next turn of the event loop of the
   * close.
   *
   * @param between is called between the two.
   */
  close(between?: () => void): void {
    this.finish();
    setImmediate(() => {
      between?.();
      super.destroy();
      this.emit("close");
    });
  }

  override destroy(error?: Error | null): this {
    if (!this.destroyed) process.nextTick(() => this.#tell(error));
    return this;
  }

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    try {
      return super.emit(event, ...values);
    } catch (error) {
      this.#failed(error);
      // It has not read on to where a stream is asked for more: for the next key it is called all the same.
      if (event === "readable") process.nextTick(() => void this.read(0));
      return true;
    }
  }

  override _read(): void {
    if (this.#isFinished) return;
    this.#wants = true;
    // Not at once: `read()` would join what it has with what comes, which is a copy of all that a visitor sends.
    process.nextTick(this.#wanted);
  }

  #tell(error: Error | null | undefined): void {
    if (error !== undefined && error !== null) this.emit("error", error);
    this.emit("close");
  }
}
