import type { InputStream, Key, KeyEvent, LineEditor, Mouse, Paste, Stage } from "../../terminal/index.ts";
import { BELL, DISABLE_BRACKETED_PASTE, ENABLE_BRACKETED_PASTE, graphemes, KeyDecoder } from "../../terminal/index.ts";
import type { PtyData, WindowSize } from "../session.ts";
import type { Output } from "../client/output.ts";
import type { LiveRegion } from "../live/live-region.ts";
import type { Lines } from "../line/lines.ts";
import { Attention } from "./attention.ts";
import type { Input, InputHost, Interaction, Question, Submit, Watch, Watched } from "./input.ts";
import { ESCAPE_TIME } from "./input.ts";
import { Stdin } from "./stdin.ts";
import type { Ahead } from "./type-ahead.ts";
import { TypeAhead } from "./type-ahead.ts";
import { Watchers } from "./watchers.ts";

/** How a terminal's input is set up. */
export interface TerminalInputOptions {
  readonly pty: PtyData;
  readonly lines: Lines;
  readonly maxTypeAhead: number;
}

/** The input of a session with a terminal: keys, and who gets them, Ctrl-C, type-ahead. */
export class TerminalInput implements Input {
  readonly takeBytes: undefined;
  readonly #host: InputHost;
  readonly #output: Output;
  readonly #attention: Attention;
  readonly #decoder = new KeyDecoder();
  readonly #watchers: Watchers;
  readonly #typeAhead: TypeAhead;
  readonly #lines: Lines;
  readonly #modes: PtyData["modes"];
  #prompt = "";
  #hasBracketedPaste = false;
  #stdin: Stdin | undefined;
  #escapeTimer: NodeJS.Timeout | undefined;
  #isPumping = false;
  #isAtEnd = false;

  constructor(host: InputHost, output: Output, options: TerminalInputOptions) {
    this.#host = host;
    this.#output = output;
    this.#modes = options.pty.modes;
    this.#lines = options.lines;
    this.#attention = new Attention(output, options.pty);
    this.#watchers = new Watchers({ output, joined: () => this.#pump(), left: () => this.#forgetUnwatched() });
    this.#typeAhead = new TypeAhead(options.maxTypeAhead);
  }

  get isAtPrompt(): boolean {
    return this.#attention.isAtPrompt;
  }

  get stream(): InputStream {
    this.#stdin ??= this.#openStdin();
    return this.#stdin.stream;
  }

  receive(bytes: Uint8Array): void {
    clearTimeout(this.#escapeTimer);
    if (this.#stdin?.isTaken === true && !this.#isAwaited) {
      // A megabyte for a reader would be a second of keys that nobody listens to.
      if (this.#host.isHeard()) for (const event of this.#decoder.decode(bytes)) this.#announce(event);
      this.#stdin.receive(bytes);
      return;
    }
    this.#host.consumed(bytes.length);
    this.#events(this.#decoder.decode(bytes));
    if (!this.#decoder.pending) return;
    this.#escapeTimer = setTimeout(() => this.#events(this.#decoder.flush()), ESCAPE_TIME);
  }

  eof(): void {
    this.#isAtEnd = true;
    this.#pump();
    this.#stdin?.end();
  }

  prompt(text: string, submit: Submit): void {
    for (const event of this.#stdin?.retire() ?? []) this.#typeAhead.add(event);
    this.#prompt = text;
    const open = (stage: Stage): LineEditor => {
      this.#markPaste(true);
      return this.#lines.openPrompt(stage, this.#prompt);
    };
    this.#attention.prompt({ open }, (outcome) => submit(outcome.type === "done" ? outcome.value : undefined));
    this.#pump();
  }

  setPrompt(text: string): void {
    this.#prompt = text;
    this.#lines.setPrompt(text);
  }

  ask(question: Question): Promise<string> {
    const { mask, signal } = question;
    const open = (stage: Stage): LineEditor => {
      this.#markPaste(true);
      return this.#lines.openQuestion(stage, question);
    };
    return this.interact({ open, signal, secret: mask !== undefined });
  }

  readonly interact = <Value>(interaction: Interaction<Value>): Promise<Value> => {
    const answer = this.#attention.interact(interaction);
    this.#pump();
    return answer;
  };

  get live(): LiveRegion {
    return this.#attention.live;
  }

  key(signal?: AbortSignal): Promise<Key> {
    return this.#watchers.key(signal);
  }

  watch(watched: Watched): Watch {
    return this.#watchers.watch(watched);
  }

  interrupted(): void {
    this.#typeAhead.clear();
    this.#watchers.rejectAll("interrupted");
    this.#attention.interrupted();
  }

  print(text: string): void {
    this.#attention.print(text);
  }

  printBytes(bytes: Uint8Array, _stream: "stdout" | "stderr", isRaw: boolean): void {
    this.#attention.printBytes(bytes, isRaw);
  }

  clear(): void {
    this.#attention.clear();
  }

  resize(size: WindowSize): void {
    this.#attention.resize(size);
  }

  end(aborted: () => void = () => undefined): void {
    clearTimeout(this.#escapeTimer);
    this.#typeAhead.clear();
    this.#attention.end();
    this.#markPaste(false);
    this.#watchers.end();
    if (this.#stdin === undefined) aborted();
    else this.#stdin.hangUp(aborted);
  }

  get #isAwaited(): boolean {
    return this.#watchers.isWaiting || this.#attention.isWanted;
  }

  /** A reader of the stream wants input: what was typed ahead is for him, unless somebody else waits. */
  #supply(): void {
    if (this.#isAwaited || this.#stdin?.wants !== true) return;
    // Who reads bytes knows nothing of the marks around what is pasted.
    this.#markPaste(false);
    this.#stdin.feed();
    let ahead = "";
    const next = (): Ahead | undefined => this.#typeAhead.take((event) => !isForWatchers(event));
    for (let event = next(); event !== undefined; event = next()) {
      ahead += event.type === "paste" ? event.text.replaceAll("\n", "\r") : event.sequence;
    }
    if (ahead !== "") this.#stdin.supply(ahead);
  }

  #openStdin(): Stdin {
    const stdin = new Stdin({
      modes: this.#modes,
      columns: () => this.#attention.columns,
      consumed: (bytes) => this.#host.consumed(bytes),
      echo: (text) => this.#attention.print(text),
      interrupt: () => this.#interruptReader(),
      wanted: () => this.#supply(),
      failed: (error) => this.#host.failed("stdin", error),
    });
    if (this.#isAtEnd) stdin.end();
    return stdin;
  }

  /** Ctrl-C while somebody reads lines. */
  #interruptReader(): void {
    this.interrupted();
    if (this.#host.isBusy()) this.#host.interrupt();
  }

  #events(events: readonly KeyEvent[]): void {
    const [only] = events;
    if (events.length === 1 && only !== undefined) {
      this.#event(only);
      return;
    }
    this.#attention.batch(() => {
      for (const event of events) this.#event(event);
    });
  }

  #event(event: KeyEvent): void {
    if (event.type === "mouse") this.#watched(this.#onScreen(event));
    else if (event.type === "paste") this.#typed(event);
    else if (event.type === "key") this.#key(event);
  }

  #key(event: Key): void {
    if (event.event === "release") this.#watched(event);
    else if (isCtrlC(event)) this.#interrupt(event);
    else this.#typed(event);
  }

  /** What only they get who watch for it, now or when they ask for it. */
  #watched(event: Key | Mouse): void {
    if (!this.#watchers.give(event) && this.#watchers.isWatched(event)) this.#typeAhead.add(event);
  }

  /** A report is held to the window, which an app takes for granted. */
  #onScreen(event: Mouse): Mouse {
    const { columns, rows } = this.#attention;
    if (event.x < columns && event.y < rows) return event;
    return { ...event, x: Math.min(event.x, columns - 1), y: Math.min(event.y, rows - 1) };
  }

  #typed(event: Key | Paste): void {
    this.#announce(event);
    if (!this.#typeAhead.add(event)) {
      if (this.#typeAhead.isEmpty && this.#isAwaited) {
        // It is longer than what is kept for later, but somebody takes it now.
        this.#take(event);
        this.#pump();
        return;
      }
      if (this.#host.isBusy()) {
        this.#output.write(BELL);
        return;
      }
      // An app that never asks lives on events: what it might ask for one day are the last keys, not the first.
      this.#typeAhead.clear();
      this.#typeAhead.add(event);
    }
    this.#pump();
  }

  #announce(event: KeyEvent): void {
    // A password is for the one who asked for it, not for every listener.
    if (this.#attention.isSecret || !this.#host.isHeard()) return;
    if (event.type === "key" && event.text !== "") this.#host.typed(event.text);
    if (event.type !== "paste") return;
    for (const character of graphemes(event.text)) {
      if (!/\p{Cc}/u.test(character)) this.#host.typed(character);
    }
  }

  #interrupt(event: Key): void {
    this.#typeAhead.clear();
    if (this.#attention.isAtPrompt) {
      this.#take(event);
      return;
    }
    if (!this.#attention.isAsked && this.#host.isBusy()) this.#attention.print("^C\n");
    this.#attention.interrupt(event);
    this.#watchers.rejectAll("interrupted");
    if (this.#host.isBusy()) this.#host.interrupt();
  }

  /** Gives what was typed to whoever waits, as long as somebody does. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    if (this.#isAwaited) for (const event of this.#stdin?.takeBack() ?? []) this.#typeAhead.add(event);
    while (this.#isAwaited) {
      const event = this.#nextAhead();
      if (event !== undefined) this.#take(event);
      else if (this.#isAtEnd) this.#finish();
      else break;
    }
    this.#isPumping = false;
    this.#supply();
  }

  /** What comes next for those who wait; who waits for the mouse alone leaves the keys to others. */
  #nextAhead(): Ahead | undefined {
    if (this.#watchers.wantsKeys || this.#attention.isWanted) return this.#typeAhead.take();
    return this.#typeAhead.take((event) => event.type !== "paste" && this.#watchers.wants(event));
  }

  #take(event: Ahead): void {
    if (!isForWatchers(event) && !this.#watchers.wantsKeys) this.#attention.take(event);
    else if (event.type !== "paste") this.#watchers.give(event);
  }

  #forgetUnwatched(): void {
    this.#typeAhead.drop((event) => isForWatchers(event) && !this.#watchers.isWatched(event));
  }

  /** The input has ended while somebody waits. */
  #finish(): void {
    this.#watchers.rejectAll("end-of-input");
    this.#attention.endOfInput();
  }

  /** Has the terminal mark what is pasted, or not. */
  #markPaste(isMarked: boolean): void {
    if (isMarked === this.#hasBracketedPaste) return;
    this.#hasBracketedPaste = isMarked;
    this.#output.write(isMarked ? ENABLE_BRACKETED_PASTE : DISABLE_BRACKETED_PASTE);
  }
}

/** What only those get who asked for it beforehand. */
function isForWatchers(event: Ahead): event is Key | Mouse {
  return event.type === "mouse" || (event.type === "key" && event.event === "release");
}

function isCtrlC(event: Key): boolean {
  return event.ctrl && !event.alt && !event.shift && event.name === "c";
}
