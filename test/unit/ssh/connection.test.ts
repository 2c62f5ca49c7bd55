import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { test } from "node:test";
import { generatePrivateKey, parsePrivateKey } from "../../../src/crypto/index.ts";
import { defaultLimits, offerOf } from "../../../src/protocol/index.ts";
import { Connection } from "../../../src/server/index.ts";
import type { Departure, Reception } from "../../../src/server/index.ts";
import { SshConnection } from "../../../src/ssh/connection.ts";

const hostKeys = [parsePrivateKey(generatePrivateKey("ed25519"))];

/** A socket whose peer takes so many bytes and then no more. */
class SlowSocket extends Duplex {
  destroySoonCalls = 0;
  #room: number;

  constructor(room: number) {
    super({ allowHalfOpen: true });
    this.#room = room;
  }

  destroySoon(): void {
    this.destroySoonCalls++;
    this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.#room -= chunk.length;
    // A write that does not fit is never over.
    if (this.#room >= 0) done();
  }
}

/** A connection over a slow socket. */
function connect(room: number) {
  const left: (readonly [Departure, string])[] = [];
  const socket = new SlowSocket(room);
  const reception = {
    left: (_connection: Connection, departure: Departure, detail: string) => void left.push([departure, detail]),
  } as unknown as Reception;
  const peer = { remoteAddress: "192.0.2.1", remotePort: 1, localAddress: "192.0.2.2", localPort: 22 };
  const ssh = new SshConnection(
    socket as unknown as Socket,
    new Connection("1", "ssh", peer, { disconnect: () => undefined }),
    reception,
    {
      offer: offerOf(hostKeys),
      hostKeys,
      identification: "SSH-2.0-Sallyport",
      authMethods: ["password"],
      limits: defaultLimits,
      random: (bytes) => bytes.fill(1),
    },
    0,
    () => undefined,
  );
  return { ssh, socket, left };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a connection that has ended is closed as soon as its last words have left", async () => {
  const { ssh, socket, left } = connect(1_000_000);
  ssh.disconnect("bye");
  await settle();
  assert.deepEqual([socket.destroySoonCalls, socket.destroyed], [1, true]);
  assert.deepEqual(left, [["closed", "bye"]]);
});

test("a client that never reads the last words holds its place for five seconds more", async () => {
  // The identification and KEXINIT leave; DISCONNECT does not.
  const { ssh, socket, left } = connect(1500);
  await settle();
  socket.write(new Uint8Array(1000));
  ssh.disconnect("bye");
  await settle();
  ssh.tick(1000);
  ssh.tick(5999);
  await settle();
  assert.deepEqual([socket.destroyed, left], [false, []]);
  ssh.tick(6000);
  await settle();
  assert.deepEqual([socket.destroyed, left], [true, [["closed", "bye"]]]);
});
