import type { ClientReadStream, ClientWriteStream, TableOptions, TableRow } from "../../terminal/index.ts";
import { ansi, BELL, escapeControls, stripAnsi, table, title } from "../../terminal/index.ts";
import type { LivePlace } from "../live/place.ts";
import type { ProgressOptions } from "../live/progress.ts";
import { Progress } from "../live/progress.ts";
import { Spinner } from "../live/spinner.ts";
import { ClientFacts } from "./client-facts.ts";
import { diversionOf, divertedStdout } from "../divert/diversion.ts";
import type { SessionHost } from "./facts.ts";
import { canRedraw } from "./looks.ts";

/** Hides the terminal's cursor, and shows it again; without a terminal nothing happens. */
export interface ClientCursor {
  /** What it returns shows it again: `using _ = client.cursor.hide();` hides it for a block. */
  hide(): Disposable;
  show(): void;
}

/** What a client writes and shows. */
export class ClientOutput extends ClientFacts {
  readonly #host: SessionHost;

  /** For the server. */
  constructor(host: SessionHost) {
    super(host);
    this.#host = host;
  }

  /**
   * What the visitor sends, as `process.stdin` has it: with a terminal lines, or keys after `setRawMode(true)`, and otherwise
   * bytes. While somebody reads it, input goes there, except for what a question asks for. It ends with the command that
   * read it, and with Ctrl-D; the next command finds another one here, as on Unix each program has its own.
   *
   * @throws Error before the client has asked for anything, in the option `state`.
   */
  get stdin(): ClientReadStream {
    this.#host.listen();
    return this.#host.streams.stdin;
  }

  /**
   * What the visitor sees, as `process.stdout` has it, with backpressure: pipe into it what is large. `end()` and `destroy()`
   * leave it open, until the session ends.
   *
   * @throws Error before the client has asked for anything, in the option `state`.
   */
  get stdout(): ClientWriteStream {
    return divertedStdout(this) ?? this.#host.streams.stdout;
  }

  /** As {@link stdout}, for errors; on a terminal both lead to the one screen. */
  get stderr(): ClientWriteStream {
    return this.#host.streams.stderr;
  }

  /**
   * Writes text, or bytes as they are. While a line is being typed at the prompt, the text goes above it, in whole lines: what is written
   * then without a newline at its end gets one.
   *
   * Text may hold colours; pass what other users typed through `escapeControls`. It returns at once. Who writes much in
   * a loop awaits {@link drained}: with more than `limits.maxUnsent` waiting for the visitor, the session ends. After the
   * end of the session nothing happens.
   */
  send(text: string | Uint8Array): void {
    const elsewhere = diversionOf(this);
    if (elsewhere !== undefined) elsewhere.write(text);
    else if (typeof text === "string") this.#host.input.print(text, "stdout");
    else this.#host.input.printBytes(text, "stdout", true);
  }

  /** Writes a line: the text and a newline. */
  sendln(text = ""): void {
    this.send(`${text}\n`);
  }

  /** Resolves when little is waiting to be read by the visitor; at once as long as that is so. */
  drained(): Promise<void> {
    return diversionOf(this)?.drained() ?? this.#host.output.drained();
  }

  /**
   * Writes a table, as wide as the terminal at most; without one, as wide as it gets, and as plain text.
   *
   *     client.table([{ name: "tea", price: 2.5 }, { name: "coffee", price: 3 }]);
   */
  table(rows: readonly TableRow[], options: TableOptions = {}): void {
    const width = this.pty === undefined ? Infinity : this.window.width;
    const { unicode } = this.#host.terminal.glyphs;
    const text = table(rows, { width, unicode, ...options });
    // What goes into a pipe or a file is read by programs.
    if (text !== "") this.sendln(this.pty === undefined ? stripAnsi(text) : text);
  }

  /**
   * Shows that something goes on, until it is ended.
   *
   *     using spinner = client.spinner("Fetching …");
   *     await fetchAll();
   *     spinner.succeed("Fetched.");
   *
   * It is at the bottom of the screen, what is written appears above. While a question is asked, it is not to be seen.
   * It ends with the session. Without a terminal its texts are lines on stderr.
   */
  spinner(text: string): Spinner {
    return new Spinner(this.#place, text);
  }

  /**
   * Shows how far something is; several may be shown at once. As {@link spinner}, and like that to be ended.
   *
   *     using bar = client.progress({ label: "photo.jpg", total: 29_000_000, unit: "bytes" });
   *     for await (const chunk of download) bar.increment(chunk.length);
   *     bar.done();
   *
   * @throws RangeError for a total that is no amount.
   */
  progress(options: ProgressOptions = {}): Progress {
    return new Progress(this.#place, options);
  }

  /**
   * A text that leads to an address, to be sent; where it is not known to be one that can be clicked, the text with the
   * address behind it. Control characters in either are spelled out.
   */
  link(text: string, url: string): string {
    if (this.#host.terminal.capabilities.hyperlinks) return ansi.hyperlink(text, url);
    return escapeControls(text === url ? text : `${text} (${url})`);
  }

  /** Empties the screen; without a terminal nothing happens. */
  clear(): void {
    this.#host.input.clear();
  }

  /**
   * Turns to the terminal's second screen, empty and without scrollback, for an app that draws all of it. What it returns
   * brings the first back, as it was: `using _ = client.alternateScreen();`. Without a terminal nothing happens.
   */
  alternateScreen(): Disposable {
    return this.#while(ansi.ENTER_ALTERNATE_SCREEN + ansi.CLEAR_SCREEN, ansi.LEAVE_ALTERNATE_SCREEN);
  }

  /** The terminal's cursor. */
  get cursor(): ClientCursor {
    return {
      hide: () => this.#while(ansi.HIDE_CURSOR, ansi.SHOW_CURSOR),
      show: () => this.#draw(ansi.SHOW_CURSOR),
    };
  }

  /** Sets the title of the terminal's window, at most 256 characters; without a terminal nothing happens. */
  title(text: string): void {
    this.#control(title(text));
  }

  /** Rings the terminal's bell; without a terminal nothing happens. */
  bell(): void {
    this.#control(BELL);
  }

  get #place(): LivePlace {
    const { terminal, input } = this.#host;
    const region = canRedraw(this.#host) ? input.live : undefined;
    return {
      region,
      glyphs: terminal.glyphs,
      say: (line) => input.print(`${line}\n`, region === undefined ? "stderr" : "stdout"),
    };
  }

  #while(begin: string, end: string): Disposable {
    this.#draw(begin);
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (!isOver) this.#draw(end);
        isOver = true;
      },
    };
  }

  #draw(sequence: string): void {
    if (this.#host.terminal.canDraw) this.send(sequence);
  }

  #control(sequence: string): void {
    if (this.pty !== undefined) this.#host.output.control(sequence);
  }
}
