import type { History, Key, KeyEvent } from "../../terminal/index.ts";
import {
  BELL,
  CLEAR_SCREEN,
  DISABLE_BRACKETED_PASTE,
  ENABLE_BRACKETED_PASTE,
  graphemes,
  KeyDecoder,
  LineEditor,
} from "../../terminal/index.ts";
import type { WindowSize } from "../session.ts";
import { AbortError } from "../client/abort-error.ts";
import type { Input, InputHost, Question, Submit } from "./input.ts";
import type { Output } from "../client/output.ts";
import { InputStream } from "../client/streams.ts";
import { TypeAhead } from "./type-ahead.ts";
import { Waiting } from "./waiting.ts";

/** How a terminal's input is set up. */
export interface TerminalInputOptions {
  readonly size: WindowSize;
  readonly history: History;
  readonly maxLine: number;
  readonly maxTypeAhead: number;
}

/** How long after an ESC more of a sequence may come; what comes later is another key. */
const ESCAPE_TIME = 50;
const CTRL_C = 0x03;
/** What is collected to be printed above a line at once, in UTF-16 code units. */
const MAX_ABOVE = 16_384;

/** The input of a session with a terminal: keys, an editor for the prompt and for questions, Ctrl-C, type-ahead. */
export class TerminalInput implements Input {
  readonly #host: InputHost;
  readonly #output: Output;
  readonly #options: TerminalInputOptions;
  readonly #decoder = new KeyDecoder();
  readonly #keys: Waiting<Key, undefined> = new Waiting();
  readonly #asks: Waiting<string, Question> = new Waiting();
  readonly #typeAhead: TypeAhead;
  #size: WindowSize;
  #editor: LineEditor | undefined;
  #prompt: { text: string; readonly submit: Submit } | undefined;
  /** What the editor edits. */
  #shown: "prompt" | Question | undefined;
  /** What was half typed at the prompt when a question came up. */
  #draft = "";
  #stream: InputStream | undefined;
  /** What waits for the reader of the stream. */
  #backlog: Uint8Array[] = [];
  /** What was written while a line was edited, to be printed above it when the turn ends. */
  #above = "";
  #escapeTimer: NodeJS.Timeout | undefined;
  #isPumping = false;
  #isAtEnd = false;

  constructor(host: InputHost, output: Output, options: TerminalInputOptions) {
    this.#host = host;
    this.#output = output;
    this.#options = options;
    this.#size = options.size;
    this.#typeAhead = new TypeAhead(options.maxTypeAhead);
  }

  get isAtPrompt(): boolean {
    return this.#shown === "prompt";
  }

  get stream(): InputStream {
    this.#stream ??= new InputStream(() => this.#feed());
    return this.#stream;
  }

  receive(bytes: Uint8Array): void {
    clearTimeout(this.#escapeTimer);
    if (this.#isStreaming) {
      if (bytes.includes(CTRL_C) && this.#host.isBusy()) this.#host.interrupt();
      for (const event of this.#decoder.decode(bytes)) this.#announce(event);
      this.#backlog.push(bytes);
      this.#feed();
      return;
    }
    this.#host.consumed(bytes.length);
    for (const event of this.#decoder.decode(bytes)) this.#event(event);
    if (!this.#decoder.pending) return;
    this.#escapeTimer = setTimeout(() => {
      for (const event of this.#decoder.flush()) this.#event(event);
    }, ESCAPE_TIME);
  }

  eof(): void {
    this.#isAtEnd = true;
    this.#pump();
    this.#feed();
  }

  prompt(text: string, submit: Submit): void {
    this.#prompt = { text, submit };
    this.#draft = "";
    this.#show();
    this.#pump();
  }

  setPrompt(text: string): void {
    if (this.#prompt === undefined) return;
    this.#prompt.text = text;
    if (this.#shown === "prompt") this.#editor?.setPrompt(text);
  }

  ask(question: Question): Promise<string> {
    const answer = this.#asks.join(question, question.signal, (wasFirst) => {
      if (wasFirst) this.#show();
    });
    this.#show();
    this.#pump();
    return answer;
  }

  key(signal?: AbortSignal): Promise<Key> {
    const key = this.#keys.join(undefined, signal, () => undefined);
    this.#pump();
    return key;
  }

  interrupted(): void {
    this.#typeAhead.clear();
    this.#keys.rejectAll("interrupted");
    this.#asks.rejectAll("interrupted");
    this.#show();
  }

  print(text: string): void {
    if (this.#shown === undefined) {
      this.#output.write(text);
      return;
    }
    if (this.#above === "") queueMicrotask(() => this.#printAbove());
    this.#above += text;
    // From there on the output itself sees to it that a visitor who does not read costs no more memory.
    if (this.#above.length > MAX_ABOVE) this.#printAbove();
  }

  printBytes(bytes: Uint8Array): void {
    this.#printAbove();
    if (this.#shown !== undefined) this.#hide();
    this.#output.writeBytes(bytes);
    if (this.#shown === undefined) return;
    this.#freshLine();
    this.#editor?.show();
  }

  clear(): void {
    this.#above = "";
    if (this.#shown === undefined) this.#output.write(CLEAR_SCREEN);
    else this.#editor?.clearScreen();
    this.#output.atLineStart();
  }

  resize(size: WindowSize): void {
    this.#size = size;
    this.#editor?.resize(size.width, size.height);
  }

  end(): void {
    clearTimeout(this.#escapeTimer);
    this.#printAbove();
    this.#typeAhead.clear();
    this.#prompt = undefined;
    this.#shown = undefined;
    this.#cancel();
    if (this.#editor !== undefined) this.#output.write(DISABLE_BRACKETED_PASTE);
    this.#keys.rejectAll("disconnected");
    this.#asks.rejectAll("disconnected");
    this.#backlog = [];
    this.#stream?.finish();
  }

  /** Whether a reader of the stream has taken over: nobody else waits for input. */
  get #isStreaming(): boolean {
    return (this.#stream?.wants === true || this.#backlog.length > 0) && !this.#isAwaited;
  }

  get #isAwaited(): boolean {
    return this.#keys.first !== undefined || this.#asks.first !== undefined || this.#prompt !== undefined;
  }

  #feed(): void {
    while (this.#stream?.wants === true) {
      const bytes = this.#backlog.shift();
      if (bytes === undefined) {
        if (this.#isAtEnd) this.#stream.finish();
        return;
      }
      this.#host.consumed(bytes.length);
      this.#stream.offer(bytes);
    }
  }

  #event(event: KeyEvent): void {
    if (event.type === "unknown") return;
    if (isCtrlC(event)) {
      this.#interrupt(event);
      return;
    }
    this.#announce(event);
    if (!this.#typeAhead.add(event)) {
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
    if (typeof this.#shown === "object" && this.#shown.mask !== undefined) return;
    if (event.type === "key" && event.text !== "") this.#host.typed(event.text);
    if (event.type !== "paste") return;
    for (const character of graphemes(event.text)) {
      if (!/\p{Cc}/u.test(character)) this.#host.typed(character);
    }
  }

  #interrupt(event: Key): void {
    this.#typeAhead.clear();
    if (this.#shown === "prompt") {
      this.#take(event);
      return;
    }
    this.#printAbove();
    if (this.#shown !== undefined) this.#finishLine(event);
    else if (this.#host.isBusy()) this.#output.write("^C\n");
    this.interrupted();
    if (this.#host.isBusy()) this.#host.interrupt();
  }

  /** Gives what was typed to whoever waits, as long as somebody does. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#isAwaited) {
      const event = this.#typeAhead.take();
      if (event !== undefined) this.#take(event);
      else if (this.#isAtEnd) this.#finish();
      else break;
    }
    this.#isPumping = false;
  }

  #take(event: KeyEvent): void {
    if (this.#keys.first !== undefined) {
      if (event.type === "key") this.#keys.leave()?.resolve(event);
      return;
    }
    this.#printAbove();
    const outcome = this.#editor?.key(event);
    if (outcome === undefined) return;
    this.#output.atLineStart();
    const shown = this.#shown;
    this.#shown = undefined;
    if (shown === "prompt") {
      if (outcome.type === "interrupt") this.#show();
      else this.#submit(outcome.type === "line" ? outcome.line : undefined);
      return;
    }
    const asker = this.#asks.leave();
    this.#show();
    if (outcome.type === "line") asker?.resolve(outcome.line);
    else asker?.reject(new AbortError(outcome.type === "eof" ? "end-of-input" : "interrupted"));
  }

  #submit(line: string | undefined): void {
    const { submit } = this.#prompt ?? {};
    this.#prompt = undefined;
    this.#draft = "";
    submit?.(line);
  }

  /** The input has ended while somebody waits. */
  #finish(): void {
    this.#keys.rejectAll("end-of-input");
    this.#asks.rejectAll("end-of-input");
    this.#show();
    if (this.#prompt === undefined) return;
    this.#cancel();
    this.#shown = undefined;
    this.#submit(undefined);
  }

  /** Brings the first question, or else the prompt, onto the screen. */
  #show(): void {
    const next = this.#asks.first?.what ?? (this.#prompt === undefined ? undefined : "prompt");
    if (next === this.#shown) return;
    this.#printAbove();
    if (this.#shown !== undefined) {
      const typed = this.#cancel();
      if (this.#shown === "prompt") this.#draft = typed;
    }
    this.#shown = next;
    if (next === undefined) return;
    const editor = this.#editor ?? this.#open();
    this.#freshLine();
    if (next === "prompt") {
      editor.prompt(this.#prompt?.text ?? "", { initial: this.#draft });
      return;
    }
    editor.prompt(next.text, {
      history: false,
      ...(next.mask !== undefined && { mask: next.mask }),
      ...(next.initial !== undefined && { initial: next.initial }),
    });
  }

  #open(): LineEditor {
    const { history, maxLine } = this.#options;
    const { width, height } = this.#size;
    this.#editor = new LineEditor({
      write: (text) => this.#output.write(text),
      columns: width,
      rows: height,
      history,
      limit: maxLine,
    });
    this.#output.write(ENABLE_BRACKETED_PASTE);
    return this.#editor;
  }

  /** Ends the line of a question as the key does, whoever asked. */
  #finishLine(event: Key): void {
    this.#editor?.key(event);
    this.#shown = undefined;
    this.#output.atLineStart();
  }

  /** Takes the line off the screen for good; gives what had been typed. */
  #cancel(): string {
    if (this.#editor?.active !== true) return "";
    this.#hide();
    return this.#editor.cancel();
  }

  #hide(): void {
    this.#editor?.hide();
    this.#output.atLineStart();
  }

  #freshLine(): void {
    if (!this.#output.isAtLineStart) this.#output.write("\n");
  }

  #printAbove(): void {
    const text = this.#above;
    if (text === "") return;
    this.#above = "";
    if (this.#shown === undefined) this.#output.write(text);
    else this.#editor?.printAbove(text);
  }
}

function isCtrlC(event: KeyEvent): event is Key {
  return event.type === "key" && event.ctrl && !event.alt && event.name === "c";
}
