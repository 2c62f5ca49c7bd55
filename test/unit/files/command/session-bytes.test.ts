import assert from "node:assert/strict";
import { test } from "node:test";
import { SessionBytes } from "../../../../src/files/command/session-bytes.ts";
import type { BytePort, ByteReceiver, Client } from "../../../../src/index.ts";

/** The bytes of a session that never was, and what its port was told. */
function session(writes: () => boolean = () => true): { bytes: SessionBytes; told: (number | string)[] } {
  const told: (number | string)[] = [];
  const port: BytePort = {
    write(bytes) {
      told.push(Buffer.from(bytes).toString());
      return writes();
    },
    consumed: (count) => void told.push(count),
  };
  const client = { takeBytes: <Receiver extends ByteReceiver>(connect: (port: BytePort) => Receiver) => connect(port) };
  return { bytes: SessionBytes.of(client as unknown as Client), told };
}

const text = (piece: Uint8Array | undefined): string | undefined => piece && Buffer.from(piece).toString();

test("pieces come in order, and the client may send more only for those that were taken", async () => {
  const { bytes, told } = session();
  bytes.data(Buffer.from("one"));
  bytes.data(Buffer.from("three"));
  assert.deepEqual(told, []);
  assert.equal(text(await bytes.next()), "one");
  assert.deepEqual(told, [3]);
  bytes.end();
  assert.equal(text(await bytes.next()), "three");
  assert.equal(await bytes.next(), undefined);
  assert.deepEqual(told, [3, 5]);
});

test("who waits for a piece hears when it comes, and when none comes any more", async () => {
  const { bytes } = session();
  const first = bytes.next();
  bytes.data(Buffer.from("one"));
  assert.equal(text(await first), "one");
  const last = bytes.next();
  bytes.closed();
  assert.equal(await last, undefined);
});

test("a writer waits until the client has read, or is gone", async () => {
  const { bytes, told } = session(() => false);
  const order: string[] = [];
  const first = bytes.write(Buffer.from("a")).then(() => order.push("a left"));
  const second = bytes.write(Buffer.from("b")).then(() => order.push("b left"));
  await Promise.resolve();
  assert.deepEqual([told, order], [["a", "b"], []]);
  bytes.drained();
  await Promise.all([first, second]);
  assert.deepEqual(order, ["a left", "b left"]);
  const third = bytes.write(Buffer.from("c"));
  bytes.closed();
  await third;
});
