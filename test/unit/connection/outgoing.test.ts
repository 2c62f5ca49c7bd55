import assert from "node:assert/strict";
import { test } from "node:test";
import { ProtocolError } from "../../../src/wire/index.ts";
import { Peer } from "./peer.ts";

test("data is cut to the client's window and maximum packet, both exactly", () => {
  const peer = new Peer();
  const channel = peer.session(7, { window: 10, maxPacket: 4 });
  assert.equal(channel.write(Buffer.from("0123456789abcdef")), false);
  assert.deepEqual(peer.take(), ["DATA 7 0123", "DATA 7 4567", "DATA 7 89"]);
  assert.equal(channel.buffered, 6);
  peer.adjust(0, 5);
  assert.deepEqual(peer.take(), ["DATA 7 abcd", "DATA 7 e"]);
  assert.deepEqual(peer.app.heard, []);
  peer.adjust(0, 1);
  assert.deepEqual(peer.take(), ["DATA 7 f"]);
  assert.deepEqual(peer.app.heard, ["0 drained"]);
});

test("a client that takes larger packets still gets 32 KiB at most", () => {
  const peer = new Peer();
  const channel = peer.session(7, { window: 0xffffffff, maxPacket: 0xffffffff });
  assert.equal(channel.write(Buffer.alloc(32769)), true);
  assert.deepEqual(
    peer.link.sent.map((payload) => payload.length),
    [9 + 32768, 9 + 1],
  );
});

test("stdout and stderr count against one window and keep their order", () => {
  const peer = new Peer();
  const channel = peer.session(7, { window: 5 });
  channel.write(Buffer.from("out"));
  channel.write(Buffer.from("err"), 1);
  channel.write(Buffer.from("more"));
  assert.deepEqual(peer.take(), ["DATA 7 out", "EXTENDED_DATA 7 1 er"]);
  peer.adjust(0, 100);
  assert.deepEqual(peer.take(), ["EXTENDED_DATA 7 1 r", "DATA 7 more"]);
});

test("a window grows up to 2^32-1 and not beyond", () => {
  const peer = new Peer();
  peer.session(7, { window: 0xfffffff0 });
  peer.adjust(0, 0xf);
  assert.throws(() => peer.adjust(0, 1), ProtocolError);
});

test("small pieces that had to wait leave in one message, large ones are not copied together", () => {
  const peer = new Peer();
  const channel = peer.session(7, { window: 0, maxPacket: 10000 });
  for (const piece of ["ab", "cd", "ef"]) channel.write(Buffer.from(piece));
  channel.write(Buffer.from("ERR"), 1);
  channel.write(Buffer.alloc(5000, "x"));
  channel.write(Buffer.from("gh"));
  channel.write(Buffer.alloc(5000, "y"));
  peer.adjust(0, 100000);
  assert.deepEqual(peer.take(), [
    "DATA 7 abcdef",
    "EXTENDED_DATA 7 1 ERR",
    `DATA 7 ${"x".repeat(5000)}`,
    "DATA 7 gh",
    `DATA 7 ${"y".repeat(5000)}`,
  ]);
});

test("many waiting pieces come out complete and in order", () => {
  const peer = new Peer();
  const channel = peer.session(7, { window: 0, maxPacket: 7 });
  let wanted = "";
  for (let i = 0; i < 2000; i++) {
    channel.write(Buffer.from(`${i},`));
    wanted += `${i},`;
  }
  let got = "";
  while (channel.buffered > 0) {
    peer.adjust(0, 11);
    got += peer
      .take()
      .map((line) => line.slice("DATA 7 ".length))
      .join("");
  }
  assert.equal(got, wanted);
});

test("what waits is the view that was given, not a copy", () => {
  const peer = new Peer();
  const channel = peer.session(7, { window: 0 });
  const held = Buffer.from("before");
  channel.write(held);
  held.write("after!");
  peer.adjust(0, 100);
  assert.deepEqual(peer.take(), ["DATA 7 after!"]);
});

test("drained() comes once for each time that a write had to wait, and never for one that did not", () => {
  const peer = new Peer();
  const channel = peer.session(7, { window: 3 });
  assert.equal(channel.write(Buffer.from("abc")), true);
  assert.equal(channel.write(Buffer.from("d")), false);
  assert.equal(channel.write(Buffer.from("e")), false);
  peer.adjust(0, 1);
  peer.adjust(0, 100);
  peer.adjust(0, 100);
  assert.deepEqual(peer.app.heard, ["0 drained"]);
});

test("drained() does not come for a write in several messages that need not wait, though others had to before", () => {
  const peer = new Peer();
  const channel = peer.session(7, { window: 0, maxPacket: 2 });
  assert.equal(channel.write(Buffer.from("a")), false);
  peer.adjust(0, 100);
  assert.equal(channel.write(Buffer.from("bcdef")), true);
  assert.deepEqual(peer.take(), ["DATA 7 a", "DATA 7 bc", "DATA 7 de", "DATA 7 f"]);
  assert.deepEqual(peer.app.heard, ["0 drained"]);
});

test("drained() may write again", () => {
  const peer = new Peer();
  const channel = peer.session(7, { window: 0 });
  let left = 3;
  peer.app.onDrained = (drained) => {
    if (left-- > 0) drained.write(Buffer.from(`again ${left}`));
  };
  channel.write(Buffer.from("first"));
  peer.adjust(0, 1000);
  assert.deepEqual(peer.take(), ["DATA 7 first", "DATA 7 again 2", "DATA 7 again 1", "DATA 7 again 0"]);
  assert.equal(channel.writable, true);
});
