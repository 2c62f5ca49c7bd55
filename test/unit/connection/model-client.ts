import assert from "node:assert/strict";
import { Msg, Reader } from "../../../src/wire/index.ts";

/** Bytes as text in which each has its stream before it: "oa" on stdout, "ea" on stderr. */
export function marked(bytes: Uint8Array, stream: "o" | "e"): string {
  return [...bytes].map((byte) => stream + String.fromCharCode(byte)).join("");
}

/** One channel as a correct client sees it; it holds the server to what RFC 4254 §5 promises. */
export class ModelClient {
  readonly recipient: number;
  readonly maxPacket: number;
  /** What the server may still send, and what it lets us send. */
  window: number;
  credit: number;
  /** Sent by us, and not consumed by the application yet. */
  unconsumed = 0;
  /** What the application wrote while the channel was writable, and what has come of it. */
  written = "";
  got = "";
  sentEof = false;
  sentClose = false;
  aborted = false;
  drainOwed = false;
  #exited = false;
  #eof = false;
  #closed = false;
  #ended = false;

  constructor(recipient: number, window: number, maxPacket: number, credit: number) {
    this.recipient = recipient;
    this.window = window;
    this.maxPacket = maxPacket;
    this.credit = credit;
  }

  /** Whether all that was written has to arrive. */
  get whole(): boolean {
    return !this.aborted && !this.sentClose;
  }

  /** The server closed it. */
  get closed(): boolean {
    return this.#closed;
  }

  /** A message of the server. */
  receive(payload: Uint8Array): void {
    assert.equal(this.#closed, false, "nothing follows CLOSE");
    const from = new Reader(payload, 5);
    switch (payload[0]) {
      case Msg.CHANNEL_DATA:
        return this.#data(from.string(), "o");
      case Msg.CHANNEL_EXTENDED_DATA:
        assert.equal(from.uint32(), 1);
        return this.#data(from.string(), "e");
      case Msg.CHANNEL_WINDOW_ADJUST:
        this.credit += from.uint32();
        return;
      case Msg.CHANNEL_EOF:
        assert.equal(this.#eof, false, "EOF comes once");
        this.#eof = true;
        return;
      case Msg.CHANNEL_CLOSE:
        this.#closed = true;
        return;
      case Msg.CHANNEL_REQUEST:
        assert.equal(from.name(), "exit-status");
        assert.equal(this.#exited, false, "the exit status comes once");
        this.#exited = true;
        return;
      default:
        assert.ok(payload[0] === Msg.CHANNEL_SUCCESS || payload[0] === Msg.CHANNEL_FAILURE);
    }
  }

  /** An event that the application heard. */
  hear(event: string): void {
    assert.equal(this.#ended, false, "nothing is heard after closed()");
    if (event === "drained") {
      assert.ok(this.drainOwed, "drained() follows a write that had to wait");
      this.drainOwed = false;
    }
    if (event === "closed") this.#ended = true;
  }

  /** What holds at any time; `buffered` is what the server says is on its way. */
  check(buffered: number): void {
    assert.ok(this.written.startsWith(this.got), "the order is kept");
    assert.equal(this.#ended, this.sentClose, "closed() is heard when the client has closed");
    assert.ok(this.#closed || !this.sentClose, "a CLOSE is answered at once");
    if (this.whole) assert.equal(this.got.length + 2 * buffered, this.written.length, "nothing is lost");
    assert.ok(this.credit + this.unconsumed <= 100, "the window is never above what it was");
  }

  #data(bytes: Uint8Array, stream: "o" | "e"): void {
    assert.ok(bytes.length > 0 && bytes.length <= this.maxPacket, "the maximum packet is kept");
    assert.equal(this.#eof, false, "no data follows EOF");
    this.window -= bytes.length;
    assert.ok(this.window >= 0, "the window is kept");
    this.got += marked(bytes, stream);
  }
}
