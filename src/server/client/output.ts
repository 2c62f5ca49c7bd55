import { ColorConverter, ScreenModes, stripAnsi } from "../../terminal/index.ts";
import type { ShownDepth } from "../../terminal/index.ts";
import type { Session } from "../session.ts";

/** What a terminal shows of which nothing is known, and what goes to no terminal. */
const ALL_COLORS = (): 24 => 24;

/** Output that may wait before a writer is asked to wait too, in bytes. */
const HIGH_WATER = 65_536;

const ESC = 0x1b;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** How the sequence that goes back to the first screen begins. */
const LEAVE = "\x1b[?";

type Stream = "stdout" | "stderr";

/**
 * The output of one session. What is written within one turn goes out as one piece; with a visitor who does not read,
 * it waits here, and when too much waits the session is given up.
 */
export class Output {
  /** On a terminal a newline also has to bring the cursor back to the first column, and there is no stderr. */
  isTerminal = false;
  /** Bits of colour that the terminal shows by now; 0 is a dumb one. With 24 all is written as it is. */
  colors: () => ShownDepth | 24 = ALL_COLORS;
  readonly #session: Session;
  readonly #maxUnsent: number;
  readonly #overflowed: () => void;
  #text = "";
  #pieces: Uint8Array[] = [];
  #stream: Stream = "stdout";
  /** Bytes and characters in {@link #text} and {@link #pieces}. */
  #pending = 0;
  /** Bytes that the door has and that have not left yet. */
  #inFlight = 0;
  #isScheduled = false;
  #isOver = false;
  #endsInReturn = false;
  #isAtLineStart = true;
  readonly #modes = new ScreenModes();
  /** {@link isAtLineStart} on the first screen, while an app shows the second. */
  #wasAtLineStart = true;
  #waiting: (() => void)[] | undefined;
  #leaving: (() => void)[] | undefined;
  #converter: ColorConverter | undefined;
  /** What is written last is not held against the visitor. */
  #isLast = false;

  constructor(session: Session, maxUnsent: number, overflowed: () => void) {
    this.#session = session;
    this.#maxUnsent = maxUnsent;
    this.#overflowed = overflowed;
  }

  /** How much may wait for the visitor, in bytes. */
  get maxUnsent(): number {
    return this.#maxUnsent;
  }

  /** How much waits for the visitor to read it, in bytes, about. */
  get unsent(): number {
    return this.#pending + this.#inFlight;
  }

  /** Whether a writer should wait for {@link drained}. */
  get isFull(): boolean {
    return !this.#isOver && this.unsent >= HIGH_WATER;
  }

  /** Whether the cursor is in the first column, as far as what was written tells. */
  get isAtLineStart(): boolean {
    return this.#isAtLineStart;
  }

  /** Whether an app shows the second screen. */
  get isSecondScreen(): boolean {
    return this.#modes.isSecondScreen;
  }

  /** Writes text, with newlines and colours as the visitor needs them. After the end it is dropped. */
  write(text: string, stream: Stream = "stdout"): void {
    if (text === "" || this.#isOver) return;
    const visible = stripAnsi(text);
    const before = this.#isAtLineStart;
    if (visible !== "") this.#isAtLineStart = visible.endsWith("\n");
    if (this.isTerminal) this.#noteModes(text, before);
    const isSplit = this.#endsInReturn && text.startsWith("\n");
    this.#endsInReturn = text.endsWith("\r");
    const body = isSplit ? text.slice(1) : text;
    const lines = this.isTerminal ? (isSplit ? "\n" : "") + body.replaceAll(/\r?\n/g, "\r\n") : text;
    this.#choose(stream);
    const converter = this.#converterNow();
    this.#append(converter === undefined ? lines : converter.text(lines));
  }

  /** Writes a control sequence that moves no cursor, wherever the cursor is. */
  control(sequence: string): void {
    if (!this.#isOver) this.#append(sequence);
  }

  /** As {@link write}, for bytes. They are not copied, so they must not be changed until they have left. */
  writeBytes(bytes: Uint8Array, stream: Stream = "stdout"): void {
    if (bytes.length === 0 || this.#isOver) return;
    const lines = this.isTerminal ? this.#withReturns(bytes) : bytes;
    const converter = this.#converterNow();
    this.writeRaw(converter === undefined ? lines : converter.bytes(lines), stream);
  }

  /** Writes bytes as they are. They are not copied, so they must not be changed until they have left. */
  writeRaw(bytes: Uint8Array, stream: Stream = "stdout"): void {
    if (bytes.length === 0 || this.#isOver) return;
    const before = this.#isAtLineStart;
    this.#isAtLineStart = bytes.at(-1) === NEWLINE;
    this.#endsInReturn = bytes.at(-1) === RETURN;
    if (this.isTerminal && bytes.includes(ESC)) this.#noteModes(Buffer.from(bytes).toString("latin1"), before);
    this.#choose(stream);
    this.#settleText();
    this.#pieces.push(bytes);
    this.#grow(bytes.length);
  }

  /** Writes bytes to the door at once, as {@link BytePort.write} says; what was written before goes ahead. */
  pass(bytes: Uint8Array): boolean {
    if (this.#isOver) return true;
    this.#choose("stdout");
    this.flush();
    if (this.#pending === 0) return this.#session.write(bytes, "stdout");
    this.writeRaw(bytes);
    return false;
  }

  /** Brings the terminal back to where an app has left it changed: the first screen, with its cursor. */
  restoreTerminal(): void {
    this.write(this.#modes.restore());
  }

  /** The cursor has been moved to the first column by other means. */
  atLineStart(): void {
    this.#isAtLineStart = true;
  }

  /** Resolves when a writer may go on: at once as long as little waits, and when the session has ended. */
  drained(): Promise<void> {
    return new Promise((resolve) => this.whenDrained(resolve));
  }

  /** Calls when a writer may go on. */
  whenDrained(goOn: () => void): void {
    if (this.isFull) (this.#waiting ??= []).push(goOn);
    else goOn();
  }

  /** Calls when all has left that was written. */
  whenLeft(goOn: () => void): void {
    if (this.unsent > 0) (this.#leaving ??= []).push(goOn);
    else goOn();
  }

  /** Gives the session up: too much waits for its visitor. */
  overflow(): void {
    this.drop();
    this.#overflowed();
  }

  /** What is written from now on are the last words, however many: the session ends. */
  beginEnd(): void {
    this.#isLast = true;
  }

  /** Hands what waits to the door, unless the door is waiting for the visitor. */
  flush(): void {
    if (this.#inFlight > 0 || this.#pending === 0 || this.#isOver) return;
    this.#settleText();
    const [only] = this.#pieces;
    const bytes = this.#pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#pending = 0;
    const hasLeft = this.#session.write(bytes, this.#stream);
    if (!hasLeft) this.#inFlight = bytes.length;
    else this.#release();
  }

  /** The door says that all has left. */
  handleDrained(): void {
    this.#inFlight = 0;
    this.flush();
    this.#release();
  }

  /** Nothing more is written; what waits goes to the door, which keeps it until it has left. */
  end(): void {
    if (this.#isOver) return;
    this.#inFlight = 0;
    this.#append(this.#converter?.release() ?? "");
    this.flush();
    this.drop();
  }

  /** The session is gone: what waits is dropped, and whoever waits goes on. */
  drop(): void {
    this.#isOver = true;
    this.#text = "";
    this.#pieces = [];
    this.#pending = 0;
    this.#inFlight = 0;
    this.#release();
  }

  /** The first screen comes back with its cursor where it was. @param before whether that was in the first column. */
  #noteModes(text: string, before: boolean): void {
    const { isSecondScreen } = this.#modes;
    this.#modes.note(text);
    if (this.#modes.isSecondScreen === isSecondScreen) return;
    if (!isSecondScreen) this.#wasAtLineStart = before;
    else if (stripAnsi(text.slice(text.lastIndexOf(LEAVE))) === "") this.#isAtLineStart = this.#wasAtLineStart;
  }

  #choose(stream: Stream): void {
    const chosen = this.isTerminal ? "stdout" : stream;
    if (chosen === this.#stream) return;
    this.flush();
    // A visitor who does not read gets both in one order rather than one of them later.
    if (this.#pending === 0) this.#stream = chosen;
  }

  /**
   * What converts colours, if any have to be: more may be known of the terminal than when it was written to last. A kilobyte
   * of dense colours takes 3 µs in `write` on a terminal that shows all, and 25 µs on one that does not.
   */
  #converterNow(): ColorConverter | undefined {
    const colors = this.colors();
    if (colors !== (this.#converter?.depth ?? 24)) {
      const held = this.#converter?.release() ?? "";
      this.#converter = colors === 24 ? undefined : new ColorConverter(colors);
      if (held !== "") this.#append(held);
    }
    return this.#converter;
  }

  #append(text: string): void {
    this.#text += text;
    this.#grow(text.length);
  }

  /** A newline also has to bring the cursor back to the first column; a pair that is cut in two stays one pair. */
  #withReturns(bytes: Uint8Array): Uint8Array {
    let bare = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
      if (!this.#hasReturn(bytes, at)) bare++;
    }
    if (bare === 0) return bytes;
    const converted = Buffer.allocUnsafe(bytes.length + bare);
    let to = 0;
    let from = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
      if (this.#hasReturn(bytes, at)) continue;
      converted.set(bytes.subarray(from, at), to);
      to += at - from;
      converted[to++] = RETURN;
      from = at;
    }
    converted.set(bytes.subarray(from), to);
    return converted;
  }

  #hasReturn(bytes: Uint8Array, newline: number): boolean {
    return newline === 0 ? this.#endsInReturn : bytes[newline - 1] === RETURN;
  }

  #settleText(): void {
    if (this.#text === "") return;
    const bytes = Buffer.from(this.#text);
    this.#pending += bytes.length - this.#text.length;
    this.#pieces.push(bytes);
    this.#text = "";
  }

  #grow(size: number): void {
    this.#pending += size;
    if (this.unsent > this.#maxUnsent && !this.#isLast) {
      this.overflow();
    } else if (!this.#isScheduled) {
      // A microtask rather than a turn of the event loop: the echo of a key leaves with the chunk that brought the key.
      this.#isScheduled = true;
      queueMicrotask(() => {
        this.#isScheduled = false;
        this.flush();
      });
    }
  }

  #release(): void {
    if (this.#leaving !== undefined && this.unsent === 0) {
      const leaving = this.#leaving;
      this.#leaving = undefined;
      for (const goOn of leaving) goOn();
    }
    if (this.#waiting === undefined || this.isFull) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const goOn of waiting) goOn();
  }
}
