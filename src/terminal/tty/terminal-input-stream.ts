import { ByteQueue } from "./byte-queue.ts";
import { InputStream } from "./input-stream.ts";
import { LineDiscipline } from "./line-discipline.ts";
import type { LineOptions } from "./line-discipline.ts";

/** What a terminal's input stream asks of the session that it belongs to. */
export interface TerminalInputHost extends LineOptions {
  /** A reader wants more. */
  wanted(): void;
  /** So many bytes of the input have been taken. */
  consumed(bytes: number): void;
  /** Shows what is typed. */
  echo(text: string): void;
  /** Ctrl-C was typed, and not for the reader. */
  interrupt(): void;
  /** A listener of the reader's threw. */
  failed(error: unknown): void;
}

/** How {@link TerminalInputStream.setRawMode} hands keys through. */
export interface RawModeOptions {
  /**
   * Hands Ctrl-Z through as well. Default false: readline and those that are built on it answer it by stopping the
   * process, which would be the whole server.
   */
  readonly suspend?: boolean;
}

const CTRL_C = 0x03;
const CTRL_Z = 0x1a;
/** As much as Linux has lines wait for a reader; what comes then is neither echoed nor taken from the visitor. */
const MAX_READY = 4096;
/** Stands among what is to be read for the end of it. */
const END = new Uint8Array();

/**
 * What the visitor of a terminal types, as a `tty.ReadStream` gives it: line by line, or after `setRawMode(true)` key by
 * key. Only what a reader took, or a correction dropped, counts as consumed; all else is held as long as nobody reads.
 */
export class TerminalInputStream extends InputStream {
  readonly isTTY = true;
  /** Whether keys come as they are typed. */
  isRaw = false;
  readonly #host: TerminalInputHost;
  #discipline: LineDiscipline | undefined;
  /** What came and has not become lines, or is not to. */
  readonly #pending = new ByteQueue();
  /** What a reader can have. */
  #ready: Uint8Array[] = [];
  #readySize = 0;
  /** Bytes that came and have not been told to be consumed. */
  #unreported = 0;
  #passesSuspend = false;
  #isEnding = false;

  constructor(host: TerminalInputHost) {
    super(
      () => host.wanted(),
      (error) => host.failed(error),
    );
    this.#host = host;
  }

  /** See `ClientReadStream`. */
  setRawMode(isRaw: boolean, options: RawModeOptions = {}): this {
    this.isRaw = isRaw;
    this.#passesSuspend = options.suspend === true;
    // As in the kernel: what has been typed of a line is there to be read.
    if (isRaw) this.#takeLine();
    this.feed();
    return this;
  }

  /** A session keeps no process running. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  /** Whether input belongs to the stream: somebody reads, or has left something behind that comes before it. */
  get isTaken(): boolean {
    return !this.isFinished && (this.hasReader || this.#readySize + this.#pending.size > 0);
  }

  /** Takes what was typed. @param isConsumed it came before, and has been told to be consumed. */
  receive(bytes: Uint8Array, isConsumed = false): void {
    if (!isConsumed) this.#unreported += bytes.length;
    if (this.#isCutShort(bytes)) {
      this.#host.echo("^C\n");
      this.#interrupt();
    } else if (this.isRaw && !this.#passesSuspend && bytes.includes(CTRL_Z)) {
      this.#pending.push(bytes.filter((byte) => byte !== CTRL_Z));
    } else {
      this.#pending.push(bytes);
    }
    this.feed();
  }

  /** Gives the reader what it wants and what is there. */
  feed(): void {
    this.#cook();
    while (this.wants && this.#ready[0] !== END) {
      const bytes = this.#next();
      if (bytes === undefined) break;
      this.offer(bytes);
      this.#cook();
    }
    const isOver = this.#isEnding && this.#ready.length === 0 && this.#pending.size === 0;
    if (isOver || this.#ready[0] === END) this.finish();
    this.#report();
  }

  /** No more will be typed; what is there can still be read. */
  end(): void {
    this.#isEnding = true;
    this.feed();
  }

  /** Takes back what no reader has taken. */
  takeBack(): Uint8Array {
    this.#takeLine();
    const bytes = Buffer.concat([...this.#ready, this.#pending.take()]);
    this.#drop();
    this.#report();
    return bytes;
  }

  /**
   * The session is over. Some readers settle by Ctrl-C alone (prompts), some by the end (readline), some by their signal;
   * all do in this order, and in the end the stream closes.
   *
   * @param told is called when a reader has heard of the end: time for the signal.
   */
  hangUp(told: () => void): void {
    this.takeBack();
    if (!this.hasReader || this.isFinished) {
      told();
      this.close();
      return;
    }
    if (this.isRaw) this.push(Uint8Array.of(CTRL_C));
    this.close(told);
  }

  /** Whether an interrupt in what came must not wait until somebody reads what came before it. */
  #isCutShort(bytes: Uint8Array): boolean {
    if (this.isRaw) return !this.hasReader && bytes.includes(CTRL_C);
    return this.#pending.size > 0 && this.#discipline?.hasInterrupt(bytes) === true;
  }

  /** Makes lines of what came, no more than may wait. */
  #cook(): void {
    while (!this.isRaw && this.#pending.size > 0 && this.#readySize < MAX_READY && this.#ready.at(-1) !== END) {
      this.#discipline ??= new LineDiscipline(
        {
          line: (line) => this.#hold(line),
          end: () => void this.#ready.push(END),
          interrupt: () => this.#interrupt(),
          echo: (text) => this.#host.echo(text),
        },
        this.#host,
      );
      this.#discipline.receive(this.#pending.shift(MAX_READY) ?? END);
    }
    if (this.#isEnding && this.#pending.size === 0) this.#takeLine();
  }

  #next(): Uint8Array | undefined {
    const line = this.#ready.shift();
    if (line === undefined) return this.isRaw ? this.#pending.shift() : undefined;
    this.#readySize -= line.length;
    return line;
  }

  #interrupt(): void {
    this.#drop();
    this.#host.interrupt();
  }

  /** What has been typed of a line can be read as it is. */
  #takeLine(): void {
    if (this.#discipline !== undefined) this.#hold(this.#discipline.take());
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#ready.push(bytes);
    this.#readySize += bytes.length;
  }

  #drop(): void {
    this.#discipline?.take();
    this.#pending.clear();
    this.#ready = [];
    this.#readySize = 0;
  }

  #report(): void {
    const held = this.#readySize + this.#pending.size + (this.#discipline?.length ?? 0);
    const consumed = this.#unreported - held;
    if (consumed <= 0) return;
    this.#unreported = held;
    this.#host.consumed(consumed);
  }
}
