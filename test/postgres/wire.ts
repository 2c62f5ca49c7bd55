import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { join } from "node:path";

const SOCKET = ".s.PGSQL.5432";

/** A stretch of cable between an app and its database, which can be cut and can hang. */
export class Wire {
  /** Where the app finds the database. */
  readonly folder: string = mkdtempSync("/tmp/sallyport-wire-");
  /** How many connections the app has opened. */
  opened = 0;
  readonly #there: string;
  readonly #server: Server;
  readonly #sockets: Set<Socket> = new Set();
  #isFrozen = false;

  /** @param folder where the database listens. */
  static async to(folder: string): Promise<Wire> {
    const wire = new Wire(folder);
    await new Promise<void>((resolve) => wire.#server.listen(join(wire.folder, SOCKET), resolve));
    return wire;
  }

  private constructor(folder: string) {
    this.#there = join(folder, SOCKET);
    this.#server = createServer((near) => this.#join(near));
  }

  /** How many connections there are. */
  get open(): number {
    return this.#sockets.size / 2;
  }

  /** From now on nothing gets through, and nobody is told: neither on open connections nor on new ones. */
  freeze(): void {
    this.#isFrozen = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** All that was held up gets through. */
  thaw(): void {
    this.#isFrozen = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Breaks the open connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.#server.close();
    this.cut();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #join(near: Socket): void {
    this.opened++;
    const far = createConnection(this.#there);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on("data", (bytes) => to.write(bytes));
      // Either end may break; then both are gone.
      from.on("error", () => undefined);
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#isFrozen) from.pause();
    }
  }
}
