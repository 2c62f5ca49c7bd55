import { characterLength, decodeUtf8, unfinishedTail } from "../keys/utf8.ts";
import { BELL } from "../text/ansi.ts";
import { graphemes } from "../text/graphemes.ts";
import { graphemeWidth } from "../text/width.ts";
import { controlsOf } from "./control-characters.ts";
import type { Control } from "./control-characters.ts";

/** Where a {@link LineDiscipline} brings what was typed. */
export interface LineSink {
  /** A line with its newline, or what Ctrl-D handed over of one. */
  line(bytes: Uint8Array): void;
  /** Ctrl-D on nothing. */
  end(): void;
  /** Ctrl-C; what was typed of a line is gone. */
  interrupt(): void;
  /** What the visitor is to see of what was typed; `\n` is a new row. */
  echo(text: string): void;
}

/** How a {@link LineDiscipline} is set up. */
export interface LineOptions {
  /** The terminal's modes by their names in RFC 4254 §8. */
  readonly modes: ReadonlyMap<string, number>;
  /** The width of the terminal in cells. */
  columns(): number;
}

/** The longest line in bytes, its newline included: N_TTY_BUF_SIZE of Linux. Beyond it the bell rings. */
const MAX_LINE = 4096;
const FIRST_SIZE = 128;
const NEWLINE = 0x0a;
const TAB = 0x09;
const SPACE = 0x20;
/** A tab is shown as spaces: to take it back one need not know where it began. */
const TAB_SHAPE = "    ";
/** So many characters before the end tell which of them make the last cluster. */
const CLUSTER_WINDOW = 16;
/** Control characters that would steer the terminal of whoever pastes them. */
const C1 = /[\x80-\x9f]/g;
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/;
const REPLACEMENT = "\ufffd";

/**
 * What a terminal does in the kernel of Unix (termios, canonical mode): it echoes what is typed, lets it be corrected, and
 * hands it over line by line. Backspace takes whole characters of any width off the screen; as in the kernel, it does not
 * reach the row before. It keeps one line, reads nothing and writes nothing by itself.
 */
export class LineDiscipline {
  readonly #sink: LineSink;
  readonly #columns: () => number;
  readonly #controls: readonly (Control | undefined)[];
  readonly #hasEcho: boolean;
  #line = new Uint8Array(FIRST_SIZE);
  #length = 0;
  /** How much of the line has been echoed: all but the first bytes of a character. */
  #echoed = 0;
  #echo = "";
  #isLiteral = false;
  /** Once for each piece of input is enough of the two. */
  #hasRung = false;
  #hasReprinted = false;

  constructor(sink: LineSink, options: LineOptions) {
    this.#sink = sink;
    this.#columns = () => options.columns();
    this.#controls = controlsOf(options.modes);
    this.#hasEcho = options.modes.get("ECHO") !== 0;
  }

  /** Bytes that have been typed and not been handed over. */
  get length(): number {
    return this.#length;
  }

  /** Whether there is an interrupt in these bytes. */
  hasInterrupt(bytes: Uint8Array): boolean {
    return bytes.some((byte) => this.#controls[byte] === "interrupt");
  }

  receive(bytes: Uint8Array): void {
    this.#hasRung = false;
    this.#hasReprinted = false;
    for (let at = 0; at < bytes.length;) {
      const control = this.#isLiteral ? undefined : this.#controls[bytes[at] ?? 0];
      if (control !== undefined) {
        this.#control(control);
        at++;
        continue;
      }
      const start = at++;
      while (!this.#isLiteral && at < bytes.length && this.#controls[bytes[at] ?? 0] === undefined) at++;
      this.#isLiteral = false;
      this.#insert(bytes.subarray(start, at));
    }
    this.#flush();
  }

  /** Takes away what has been typed of a line. */
  take(): Uint8Array {
    const line = this.#line.slice(0, this.#length);
    this.#clear();
    return line;
  }

  #control(control: Control): void {
    switch (control) {
      case "newline":
        this.#line[this.#length++] = NEWLINE;
        this.#show("\n");
        this.#sink.line(this.take());
        break;
      case "end":
        if (this.#length > 0) this.#sink.line(this.take());
        else this.#sink.end();
        break;
      case "interrupt":
        this.#show("^C\n");
        this.#clear();
        this.#flush();
        this.#sink.interrupt();
        break;
      case "erase":
        this.#erase();
        break;
      case "erase-word":
        while (this.#isBlank(true)) this.#erase();
        while (this.#isBlank(false)) this.#erase();
        break;
      case "kill":
        this.#kill();
        break;
      case "reprint":
        // A line for each of a thousand in one piece would be megabytes.
        if (this.#hasReprinted) break;
        this.#hasReprinted = true;
        this.#show("^R\n");
        this.#echoed = 0;
        this.#showNew();
        break;
      case "literal":
        this.#isLiteral = true;
        this.#show("^\b");
        break;
      case "nothing":
    }
  }

  #insert(bytes: Uint8Array): void {
    // One byte is kept for the newline.
    const taken = Math.min(bytes.length, MAX_LINE - 1 - this.#length);
    this.#reserve(this.#length + taken + 1);
    this.#line.set(bytes.subarray(0, taken), this.#length);
    this.#length += taken;
    if (taken < bytes.length) {
      // Not half a character.
      this.#length -= unfinishedTail(this.#line, this.#echoed, this.#length);
      if (!this.#hasRung) this.#echo += BELL;
      this.#hasRung = true;
    }
    if (taken > 0) this.#showNew();
  }

  /** Takes the last cluster off the line and off the screen. */
  #erase(): void {
    if (this.#echoed < this.#length) {
      this.#length = this.#echoed;
      return;
    }
    if (this.#length === 0) return;
    const cluster = this.#lastCluster();
    for (let left = cluster.length; left > 0; left--) {
      const size = lastSize(this.#line, this.#length);
      this.#length -= size;
      // Four bytes are two code units.
      if (size === 4) left--;
    }
    this.#echoed = this.#length;
    this.#show(wipe(cellsOf(cluster)));
  }

  #lastCluster(): string {
    const end = this.#length;
    const last = this.#line[end - 1] ?? 0;
    // Nothing joins a character of ASCII to what is before it.
    if (last < 0x80) return String.fromCharCode(last);
    let start = end;
    for (let count = 0; start > 0 && count < CLUSTER_WINDOW; count++) start -= lastSize(this.#line, start);
    return graphemes(decodeUtf8(this.#line.subarray(start, end))).at(-1) ?? "";
  }

  #kill(): void {
    const clusters = graphemes(decodeUtf8(this.#line.subarray(0, this.#echoed)));
    const cells = clusters.reduce((sum, cluster) => sum + cellsOf(cluster), 0);
    this.#clear();
    // What has wrapped to another row cannot be taken back from here.
    this.#show(cells < this.#columns() ? wipe(cells) : "^U\n");
  }

  /** Echoes what has come to the line, as far as it is whole characters. */
  #showNew(): void {
    const end = this.#length - unfinishedTail(this.#line, this.#echoed, this.#length);
    const text = decodeUtf8(this.#line.subarray(this.#echoed, end));
    this.#echoed = end;
    this.#show(CONTROLS.test(text) ? graphemes(text).map(shapeOf).join("") : text);
  }

  #show(text: string): void {
    if (this.#hasEcho) this.#echo += text;
  }

  #flush(): void {
    const echo = this.#echo;
    if (echo === "") return;
    this.#echo = "";
    this.#sink.echo(echo);
  }

  #clear(): void {
    this.#length = 0;
    this.#echoed = 0;
    this.#isLiteral = false;
    if (this.#line.length > FIRST_SIZE) this.#line = new Uint8Array(FIRST_SIZE);
  }

  #reserve(size: number): void {
    if (size <= this.#line.length) return;
    const larger = new Uint8Array(Math.max(size, 2 * this.#line.length));
    larger.set(this.#line);
    this.#line = larger;
  }

  /** Whether there is a last byte, and it is a blank, or none. */
  #isBlank(blank: boolean): boolean {
    const last = this.#line[this.#length - 1];
    return this.#length > 0 && (last === SPACE || last === TAB) === blank;
  }
}

/** Bytes of the last character of `bytes[0…end)`; of what is not UTF-8, each byte is one. */
function lastSize(bytes: Uint8Array, end: number): number {
  for (let back = 1; back <= Math.min(4, end); back++) {
    const byte = bytes[end - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return characterLength(bytes.subarray(0, end), end - back) === back ? back : 1;
  }
  return 1;
}

/** How a cluster is shown. */
function shapeOf(cluster: string): string {
  if (cluster === "\t") return TAB_SHAPE;
  // As ECHOCTL has it: Ctrl-A is `^A`.
  if (isControl(cluster)) return cluster.replace(/./gs, (one) => `^${String.fromCharCode(one.charCodeAt(0) ^ 0x40)}`);
  return cluster.replace(C1, REPLACEMENT);
}

/** Cells that {@link shapeOf} takes. */
function cellsOf(cluster: string): number {
  if (cluster === "\t") return TAB_SHAPE.length;
  if (isControl(cluster)) return 2 * cluster.length;
  const code = cluster.charCodeAt(0);
  return code >= 0x80 && code < 0xa0 ? 1 : graphemeWidth(cluster);
}

/** A control character of ASCII; or two, as a return with a newline is one cluster. */
function isControl(cluster: string): boolean {
  const code = cluster.charCodeAt(0);
  return code < SPACE || code === 0x7f;
}

/** Goes back over some cells, empties them, and goes back again. */
function wipe(cells: number): string {
  return `${"\b".repeat(cells)}${" ".repeat(cells)}${"\b".repeat(cells)}`;
}
