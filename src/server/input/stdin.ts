import { KeyDecoder, TerminalInputStream } from "../../terminal/index.ts";
import type { Key, Paste } from "../../terminal/index.ts";

/** What a terminal's stdin needs of its session. */
export interface StdinHost {
  /** The terminal's modes by their names in RFC 4254 §8. */
  readonly modes: ReadonlyMap<string, number>;
  columns(): number;
  consumed(bytes: number): void;
  echo(text: string): void;
  interrupt(): void;
  /** A listener of the app's threw. */
  failed(error: unknown): void;
  /** A reader wants input: what was typed before may go to {@link Stdin.supply}. */
  wanted(): void;
}

/** A terminal's input as streams: one after the other, as on Unix each program that is started has one of its own. */
export class Stdin {
  readonly #host: StdinHost;
  #stream: TerminalInputStream | undefined;
  #isAtEnd = false;

  constructor(host: StdinHost) {
    this.#host = host;
  }

  /** The stream of today. */
  get stream(): TerminalInputStream {
    if (this.#stream?.isFinished === true && !this.#isAtEnd) this.#stream = undefined;
    if (this.#stream === undefined) {
      this.#stream = new TerminalInputStream(this.#host);
      if (this.#isAtEnd) this.#stream.end();
    }
    return this.#stream;
  }

  /** Whether what is typed goes there. */
  get isTaken(): boolean {
    return this.#stream?.isTaken === true;
  }

  get wants(): boolean {
    return this.#stream?.wants === true;
  }

  receive(bytes: Uint8Array): void {
    this.#stream?.receive(bytes);
  }

  /** Takes keys that waited for somebody to ask. */
  supply(keys: string): void {
    this.#stream?.receive(Buffer.from(keys), true);
  }

  /** Gives the reader what is there. */
  feed(): void {
    this.#stream?.feed();
  }

  /** No more will be typed. */
  end(): void {
    this.#isAtEnd = true;
    this.#stream?.end();
  }

  /** Takes back the keys that nobody has read, unless somebody is about to. */
  takeBack(): readonly (Key | Paste)[] {
    const stream = this.#stream;
    if (stream === undefined || (stream.hasReader && !stream.isPaused())) return [];
    return keysOf(stream.takeBack());
  }

  /** The command is over that read the stream. Gives the keys that it has not read. */
  retire(): readonly (Key | Paste)[] {
    const stream = this.#stream;
    if (stream === undefined) return [];
    this.#stream = undefined;
    const keys = keysOf(stream.takeBack());
    stream.close();
    return keys;
  }

  /** The session is over. @param told is called when the reader, if there is one, has been told. */
  hangUp(told: () => void): void {
    this.#isAtEnd = true;
    if (this.#stream === undefined) told();
    else this.#stream.hangUp(told);
  }
}

function keysOf(bytes: Uint8Array): readonly (Key | Paste)[] {
  if (bytes.length === 0) return [];
  const decoder = new KeyDecoder();
  return [...decoder.decode(bytes), ...decoder.flush()].filter(
    (event) => event.type === "key" || event.type === "paste",
  );
}
