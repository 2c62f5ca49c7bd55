import type { InputStream, Key, KeyEvent, LineEditor, Stage } from "../../terminal/index.ts";
import { BELL, DISABLE_BRACKETED_PASTE, ENABLE_BRACKETED_PASTE, graphemes, KeyDecoder } from "../../terminal/index.ts";
import type { PtyData, WindowSize } from "../session.ts";
import type { Output } from "../client/output.ts";
import type { LiveRegion } from "../live/live-region.ts";
import type { Lines } from "../line/lines.ts";
import { Attention } from "./attention.ts";
import type { Input, InputHost, Interaction, Question, Submit } from "./input.ts";
import { ESCAPE_TIME } from "./input.ts";
import { Stdin } from "./stdin.ts";
import { TypeAhead } from "./type-ahead.ts";
import { Waiting } from "./waiting.ts";

/** How a terminal's input is set up. */
export interface TerminalInputOptions {
  readonly pty: PtyData;
  readonly lines: Lines;
  readonly maxTypeAhead: number;
}

/** The input of a session with a terminal: keys, and who gets them, Ctrl-C, type-ahead. */
export class TerminalInput implements Input {
  readonly #host: InputHost;
  readonly #output: Output;
  readonly #attention: Attention;
  readonly #decoder = new KeyDecoder();
  readonly #keys: Waiting<Key, undefined> = new Waiting();
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
    this.#keys.rejectAll("disconnected");
    if (this.#stdin === undefined) aborted();
    else this.#stdin.hangUp(aborted);
  }

  get #isAwaited(): boolean {
    return this.#keys.first !== undefined || this.#attention.isWanted;
  }

  /** A reader of the stream wants input: what was typed ahead is for him, unless somebody else waits. */
  #supply(): void {
    if (this.#isAwaited || this.#stdin?.wants !== true) return;
    // Who reads bytes knows nothing of the marks around what is pasted.
    this.#markPaste(false);
    this.#stdin.feed();
    let ahead = "";
    for (let event = this.#typeAhead.take(); event !== undefined; event = this.#typeAhead.take()) {
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
    if (event.type !== "key" && event.type !== "paste") return;
    if (event.type === "key" && event.event === "release") return;
    if (isCtrlC(event)) {
      this.#interrupt(event);
      return;
    }
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
    this.#keys.rejectAll("interrupted");
    if (this.#host.isBusy()) this.#host.interrupt();
  }

  /** Gives what was typed to whoever waits, as long as somebody does. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    if (this.#isAwaited) for (const event of this.#stdin?.takeBack() ?? []) this.#typeAhead.add(event);
    while (this.#isAwaited) {
      const event = this.#typeAhead.take();
      if (event !== undefined) this.#take(event);
      else if (this.#isAtEnd) this.#finish();
      else break;
    }
    this.#isPumping = false;
    this.#supply();
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

  /** Has the terminal mark what is pasted, or not. */
  #markPaste(isMarked: boolean): void {
    if (isMarked === this.#hasBracketedPaste) return;
    this.#hasBracketedPaste = isMarked;
    this.#output.write(isMarked ? ENABLE_BRACKETED_PASTE : DISABLE_BRACKETED_PASTE);
  }
}

function isCtrlC(event: KeyEvent): event is Key {
  return event.type === "key" && event.ctrl && !event.alt && event.name === "c";
}
