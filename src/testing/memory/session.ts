import type { Session, SessionEvents } from "../../server/index.ts";
import type { Reader } from "../way.ts";

/** What OpenSSH's client lets a server send before it has read any of it: 64 packets of 32 KiB. */
const OUTPUT_WINDOW = 2 * 1024 ** 2;
/** The largest data packet of most clients (RFC 4253 §6.1). */
const MAX_PACKET = 32_768;

/** Input that is on its way. */
interface Parcel {
  readonly bytes: Uint8Array;
  readonly delivered: () => void;
}

/** A session without a network: the server's side writes to it, the visitor's side reads and types. */
export class MemorySession implements Session {
  /** Resolves to the exit status when all is over. */
  readonly over: Promise<number | undefined>;
  #reader: Reader = () => undefined;
  readonly #end: (status: number | undefined) => void;
  #events: SessionEvents | undefined;
  #status: number | undefined;
  /** What the visitor has not read. */
  #unread: { readonly bytes: Uint8Array; readonly stream: "stdout" | "stderr" }[] = [];
  #unreadBytes = 0;
  #isReading = false;
  /** The server waits until all of it has been read. */
  #isBlocked = false;
  /** What the server has not got yet, and how much of it it takes. */
  #input: Parcel[] = [];
  #credit: number;
  #isClosing = false;
  #isOver = false;

  /** @param window bytes that the server takes before it has used up any of them. */
  constructor(window: number) {
    this.#credit = window;
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    this.over = promise;
    this.#end = resolve;
  }

  /** Whether it is gone. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether it ended in order: the server closed it. */
  get isClosed(): boolean {
    return this.#isClosing;
  }

  /** Connects the server's side. */
  attach(events: SessionEvents): void {
    this.#events = events;
  }

  write(bytes: Uint8Array, stream: "stdout" | "stderr"): boolean {
    if (this.#isOver) return true;
    if (this.#isReading) {
      this.#reader(bytes, stream);
      return true;
    }
    // A copy: the server may use its buffer again for what it was told has gone.
    this.#unread.push({ bytes: bytes.slice(), stream });
    this.#unreadBytes += bytes.length;
    this.#isBlocked ||= this.#unreadBytes > OUTPUT_WINDOW;
    return !this.#isBlocked;
  }

  consumed(bytes: number): void {
    this.#credit += bytes;
    // Not at once: the server is in the middle of what it does with the last piece.
    if (this.#input.length > 0) queueMicrotask(() => this.#deliver());
  }

  end(): void {
    // The visitor sees that the output has ended when the session does.
  }

  exit(how: number | { signal: string }): void {
    if (typeof how === "number") this.#status = how;
  }

  close(): void {
    this.#isClosing = true;
    this.#finish();
  }

  abort(): void {
    this.#unread = [];
    this.close();
  }

  /** The visitor types. Resolves when the server has all of it. */
  send(bytes: Uint8Array): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#input.push({ bytes, delivered: resolve });
    this.#deliver();
    return promise;
  }

  /** The visitor begins to read. */
  listen(reader: Reader): void {
    this.#reader = reader;
    this.read(true);
  }

  /** The visitor reads on, or does not. */
  read(isOn: boolean): void {
    this.#isReading = isOn;
    if (!isOn || this.#isOver) return;
    const unread = this.#unread;
    this.#unread = [];
    this.#unreadBytes = 0;
    for (const { bytes, stream } of unread) this.#reader(bytes, stream);
    const wasBlocked = this.#isBlocked;
    this.#isBlocked = false;
    if (wasBlocked) this.#events?.drained();
    this.#finish();
  }

  /** The session is gone, whatever the server does. */
  hangUp(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#unread = [];
    for (const { delivered } of this.#input) delivered();
    this.#input = [];
    this.#events?.closed();
    this.#end(this.#status);
  }

  #deliver(): void {
    for (let parcel = this.#input[0]; parcel !== undefined && !this.#isOver; parcel = this.#input[0]) {
      if (parcel.bytes.length === 0) {
        this.#input.shift();
        parcel.delivered();
        continue;
      }
      if (this.#credit <= 0) return;
      const size = Math.min(this.#credit, MAX_PACKET, parcel.bytes.length);
      this.#input[0] = { ...parcel, bytes: parcel.bytes.subarray(size) };
      this.#credit -= size;
      this.#events?.input(parcel.bytes.subarray(0, size));
    }
  }

  /** Once the server has closed it and the visitor has read all. */
  #finish(): void {
    if (!this.#isClosing || this.#unread.length > 0) return;
    queueMicrotask(() => this.hangUp());
  }
}
