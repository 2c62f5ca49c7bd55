import type { BytePort, ByteReceiver, Client } from "../../server/index.ts";

/** The bytes of a session, one piece after the other: who does not ask for the next one holds the client up. */
export class SessionBytes implements ByteReceiver {
  readonly #port: BytePort;
  readonly #waiting: Uint8Array[] = [];
  #isOver = false;
  #isClosed = false;
  #wanted: (() => void) | undefined;
  #leaving: PromiseWithResolvers<void> | undefined;

  private constructor(port: BytePort) {
    this.#port = port;
  }

  /** @throws Error on a terminal, and when the bytes of this session have been taken before. */
  static of<State>(client: Client<State>): SessionBytes {
    return client.takeBytes((port) => new SessionBytes(port));
  }

  /** Whether nobody hears any more what is written. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** What comes next; undefined when nothing more does. To be called again when it has come back. */
  async next(): Promise<Uint8Array | undefined> {
    while (this.#waiting.length === 0 && !this.#isOver) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wanted = resolve;
      await promise;
    }
    const piece = this.#waiting.shift();
    if (piece !== undefined) this.#port.consumed(piece.length);
    return piece;
  }

  /** Sends bytes, which must not be changed any more, and comes back when they have left. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#port.write(bytes)) return;
    this.#leaving ??= Promise.withResolvers<void>();
    await this.#leaving.promise;
  }

  data(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  drained(): void {
    this.#leaving?.resolve();
    this.#leaving = undefined;
  }

  closed(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
    this.end();
    this.drained();
  }

  #wake(): void {
    this.#wanted?.();
    this.#wanted = undefined;
  }
}
