import type { Key } from "../../terminal/index.ts";
import { ByteQueue, InputStream, KeyDecoder } from "../../terminal/index.ts";
import { AbortError } from "../client/abort-error.ts";
import type { Input, InputHost, InputReceiver, Question, Submit, Watch, Watched } from "./input.ts";
import type { Output } from "../client/output.ts";
import { Waiting } from "./waiting.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * The input of a session without a terminal: lines for the prompt and for questions, bytes for the stream, no echo. What
 * nobody has asked for yet stays unread, so that the visitor's window closes.
 */
export class PlainInput implements Input {
  readonly interact: undefined;
  readonly live: undefined;
  readonly #host: InputHost;
  readonly #output: Output;
  readonly #maxLine: number;
  readonly #keys: Waiting<Key, undefined> = new Waiting();
  readonly #asks: Waiting<string, Question> = new Waiting();
  #prompt: Submit | undefined;
  #stream: InputStream | undefined;
  /** What has come; it is joined only to look for lines in it. */
  readonly #queue = new ByteQueue();
  /** Up to here there is no newline in what has come. */
  #searched = 0;
  /** Of a line that is too long, the rest is dropped. */
  #isSkipping = false;
  #isPumping = false;
  #isAtEnd = false;
  #receiver: InputReceiver | undefined;

  /** @param maxLine the longest line, in bytes; longer ones are dropped and reported. */
  constructor(host: InputHost, output: Output, maxLine: number) {
    this.#host = host;
    this.#output = output;
    this.#maxLine = maxLine;
  }

  get isAtPrompt(): boolean {
    return this.#prompt !== undefined;
  }

  get stream(): InputStream {
    this.#stream ??= new InputStream(
      () => this.#pump(),
      (error) => this.#host.failed("stdin", error),
    );
    return this.#stream;
  }

  takeBytes(receiver: InputReceiver): void {
    this.#stream?.close();
    this.#receiver = receiver;
    const waiting = this.#queue.take();
    if (waiting.length > 0) receiver.data(waiting);
    if (this.#isAtEnd) receiver.end();
  }

  receive(bytes: Uint8Array): void {
    if (this.#receiver !== undefined) return this.#receiver.data(bytes);
    this.#queue.push(bytes);
    this.#pump();
  }

  eof(): void {
    this.#isAtEnd = true;
    if (this.#receiver !== undefined) return this.#receiver.end();
    this.#pump();
  }

  prompt(_text: string, submit: Submit): void {
    this.#stream?.close();
    this.#stream = undefined;
    this.#prompt = submit;
    this.#pump();
  }

  setPrompt(): void {
    // There is no prompt to be seen.
  }

  ask(question: Question): Promise<string> {
    this.#output.write(question.text);
    const answer = this.#asks.join(question, question.signal, () => undefined);
    this.#pump();
    return answer;
  }

  key(signal?: AbortSignal): Promise<Key> {
    const key = this.#keys.join(undefined, signal, () => undefined);
    this.#pump();
    return key;
  }

  watch({ keys, signal }: Watched): Watch {
    return {
      // Nobody has a mouse here, and nobody will.
      next: () => (keys ? this.key(signal) : Promise.reject(new AbortError("end-of-input"))),
      close: () => undefined,
    };
  }

  interrupted(): void {
    this.#keys.rejectAll("interrupted");
    this.#asks.rejectAll("interrupted");
  }

  print(text: string, stream: "stdout" | "stderr"): void {
    this.#output.write(text, stream);
  }

  printBytes(bytes: Uint8Array, stream: "stdout" | "stderr"): void {
    this.#output.writeRaw(bytes, stream);
  }

  clear(): void {
    // There is no screen.
  }

  resize(): void {
    // There is no window.
  }

  end(aborted?: () => void): void {
    // What came through a pipe looks whole when it ends: who reads it hears by his signal first that it is not.
    aborted?.();
    this.#queue.clear();
    this.#searched = 0;
    this.#prompt = undefined;
    this.#keys.rejectAll("disconnected");
    this.#asks.rejectAll("disconnected");
    this.#stream?.close();
  }

  /** Gives what has come to whoever waits, as long as that goes on. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#serve());
    this.#isPumping = false;
  }

  /** Serves the first who waits; false when nobody waits, or what is there is not enough. */
  #serve(): boolean {
    if (this.#keys.first !== undefined) return this.#serveKey();
    if (this.#asks.first === undefined && this.#prompt === undefined) return this.#serveStream();
    const line = this.#line();
    if (line === undefined && !this.#isOver) return false;
    if (this.#asks.first !== undefined) {
      if (line === undefined) this.#asks.rejectAll("end-of-input");
      else this.#asks.leave()?.resolve(line);
    } else {
      const submit = this.#prompt;
      this.#prompt = undefined;
      submit?.(line);
    }
    return true;
  }

  #serveKey(): boolean {
    const decoder = new KeyDecoder();
    const bytes = this.#joined();
    for (let length = 1; length <= bytes.length; length++) {
      const events = decoder.decode(bytes.subarray(length - 1, length));
      const key = [...events, ...(this.#isAtEnd && length === bytes.length ? decoder.flush() : [])].find(
        (event) => event.type === "key",
      );
      if (key === undefined) continue;
      this.#take(length);
      this.#keys.leave()?.resolve(key);
      return true;
    }
    if (!this.#isAtEnd) return false;
    this.#take(this.#queue.size);
    this.#keys.rejectAll("end-of-input");
    return true;
  }

  #serveStream(): boolean {
    if (this.#stream?.wants !== true) return false;
    const piece = this.#queue.shift();
    if (piece !== undefined) {
      this.#searched = 0;
      this.#host.consumed(piece.length);
      this.#stream.offer(piece);
      return true;
    }
    if (this.#isAtEnd) this.#stream.finish();
    return false;
  }

  /** The next whole line without its newline. */
  #line(): string | undefined {
    for (;;) {
      const newline = this.#joined().indexOf(NEWLINE, this.#searched);
      const isLast = newline < 0;
      const length = isLast ? this.#queue.size : newline;
      const isTooLong = length > this.#maxLine;
      if (isLast && (!this.#isAtEnd || length === 0)) {
        this.#searched = length;
        if (isTooLong || this.#isSkipping) this.#skip(length);
        return undefined;
      }
      const line = this.#take(isLast ? length : length + 1).subarray(0, length);
      const isRest = this.#isSkipping;
      this.#isSkipping = false;
      if (isTooLong && !isRest) this.#output.write("Line too long.\n", "stderr");
      if (!isTooLong && !isRest) return line.toString("utf8", 0, line.at(-1) === RETURN ? length - 1 : length);
    }
  }

  #skip(length: number): void {
    if (!this.#isSkipping) this.#output.write("Line too long.\n", "stderr");
    this.#isSkipping = true;
    this.#take(length);
  }

  #joined(): Buffer {
    const all = this.#queue.take();
    this.#queue.push(all);
    return Buffer.from(all.buffer, all.byteOffset, all.length);
  }

  #take(length: number): Buffer {
    const bytes = this.#joined();
    this.#queue.clear();
    this.#queue.push(bytes.subarray(length));
    this.#searched = 0;
    if (length > 0) this.#host.consumed(length);
    return bytes.subarray(0, length);
  }

  get #isOver(): boolean {
    return this.#isAtEnd && this.#queue.size === 0;
  }
}
