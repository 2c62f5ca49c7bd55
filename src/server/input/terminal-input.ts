import type { History, Key, KeyEvent } from "../../terminal/index.ts";
import {
  BELL,
  DISABLE_BRACKETED_PASTE,
  ENABLE_BRACKETED_PASTE,
  graphemes,
  KeyDecoder,
  LineEditor,
} from "../../terminal/index.ts";
import type { WindowSize } from "../session.ts";
import type { Output } from "../client/output.ts";
import { InputStream } from "../client/streams.ts";
import { Attention } from "./attention.ts";
import type { Input, InputHost, Interaction, Question, Submit } from "./input.ts";
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

/** The input of a session with a terminal: keys, and who gets them, Ctrl-C, type-ahead. */
export class TerminalInput implements Input {
  readonly #host: InputHost;
  readonly #output: Output;
  readonly #options: TerminalInputOptions;
  readonly #attention: Attention;
  readonly #decoder = new KeyDecoder();
  readonly #keys: Waiting<Key, undefined> = new Waiting();
  readonly #typeAhead: TypeAhead;
  /** The editor of the prompt. */
  #editor: LineEditor | undefined;
  #prompt = "";
  #hasBracketedPaste = false;
  #stream: InputStream | undefined;
  /** What waits for the reader of the stream. */
  #backlog: Uint8Array[] = [];
  #escapeTimer: NodeJS.Timeout | undefined;
  #isPumping = false;
  #isAtEnd = false;

  constructor(host: InputHost, output: Output, options: TerminalInputOptions) {
    this.#host = host;
    this.#output = output;
    this.#options = options;
    this.#attention = new Attention(output, options.size);
    this.#typeAhead = new TypeAhead(options.maxTypeAhead);
  }

  get isAtPrompt(): boolean {
    return this.#attention.isAtPrompt;
  }

  get stream(): InputStream {
    this.#stream ??= new InputStream(
      () => this.#feed(),
      (error) => this.#host.failed("stdin", error),
    );
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
    this.#events(this.#decoder.decode(bytes));
    if (!this.#decoder.pending) return;
    this.#escapeTimer = setTimeout(() => this.#events(this.#decoder.flush()), ESCAPE_TIME);
  }

  eof(): void {
    this.#isAtEnd = true;
    this.#pump();
    this.#feed();
  }

  prompt(text: string, submit: Submit): void {
    this.#prompt = text;
    const open = (): LineEditor => {
      this.#editor ??= this.#makeEditor(this.#options.history);
      this.#editor.prompt(this.#prompt);
      return this.#editor;
    };
    this.#attention.prompt({ open }, (outcome) => submit(outcome.type === "done" ? outcome.value : undefined));
    this.#pump();
  }

  setPrompt(text: string): void {
    this.#prompt = text;
    this.#editor?.setPrompt(text);
  }

  ask(question: Question): Promise<string> {
    const { text, mask, initial, signal } = question;
    const open = (): LineEditor => {
      const editor = this.#makeEditor();
      editor.prompt(text, {
        history: false,
        ...(mask !== undefined && { mask }),
        ...(initial !== undefined && { initial }),
      });
      return editor;
    };
    return this.interact({ open, signal, secret: mask !== undefined });
  }

  readonly interact = <Value>(interaction: Interaction<Value>): Promise<Value> => {
    const answer = this.#attention.interact(interaction);
    this.#pump();
    return answer;
  };

  key(signal?: AbortSignal): Promise<Key> {
    const key = this.#keys.join(undefined, signal, () => undefined);
    this.#pump();
    return key;
  }

  interrupted(): void {
    this.#typeAhead.clear();
    this.#keys.rejectAll("interrupted");
    this.#attention.interrupted();
  }

  print(text: string): void {
    this.#attention.print(text);
  }

  printBytes(bytes: Uint8Array): void {
    this.#attention.printBytes(bytes);
  }

  clear(): void {
    this.#attention.clear();
  }

  resize(size: WindowSize): void {
    this.#attention.resize(size);
  }

  end(): void {
    clearTimeout(this.#escapeTimer);
    this.#typeAhead.clear();
    this.#attention.end();
    if (this.#hasBracketedPaste) this.#output.write(DISABLE_BRACKETED_PASTE);
    this.#keys.rejectAll("disconnected");
    this.#backlog = [];
    this.#stream?.finish();
  }

  /** Whether a reader of the stream has taken over: nobody else waits for input. */
  get #isStreaming(): boolean {
    return (this.#stream?.wants === true || this.#backlog.length > 0) && !this.#isAwaited;
  }

  get #isAwaited(): boolean {
    return this.#keys.first !== undefined || this.#attention.isWanted;
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
    if (this.#attention.isSecret) return;
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
    if (!this.#attention.isAsked && this.#host.isBusy()) this.#output.write("^C\n");
    this.#attention.interrupt(event);
    this.#keys.rejectAll("interrupted");
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
    if (this.#keys.first === undefined) this.#attention.take(event);
    else if (event.type === "key") this.#keys.leave()?.resolve(event);
  }

  /** The input has ended while somebody waits. */
  #finish(): void {
    this.#keys.rejectAll("end-of-input");
    this.#attention.endOfInput();
  }

  #makeEditor(history?: History): LineEditor {
    if (!this.#hasBracketedPaste) this.#output.write(ENABLE_BRACKETED_PASTE);
    this.#hasBracketedPaste = true;
    return new LineEditor({
      write: (text) => this.#attention.write(text),
      columns: this.#attention.columns,
      rows: this.#attention.rows,
      limit: this.#options.maxLine,
      ...(history !== undefined && { history }),
    });
  }
}

function isCtrlC(event: KeyEvent): event is Key {
  return event.type === "key" && event.ctrl && !event.alt && event.name === "c";
}
