import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Peer } from "./peer.ts";

describe("while a key exchange runs", () => {
  test("no data leaves, and everything behind it keeps its place", () => {
    const peer = new Peer();
    const channel = peer.session(7);
    peer.link.ready = false;
    assert.equal(channel.write(Buffer.from("a")), false);
    assert.equal(channel.write(Buffer.from("b")), false);
    channel.exitStatus(0);
    channel.close();
    assert.deepEqual(peer.take(), []);
    peer.link.ready = true;
    peer.connection.resumed();
    assert.deepEqual(peer.take(), ["DATA 7 ab", "REQUEST 7 exit-status quiet 0", "EOF 7", "CLOSE 7"]);
    assert.deepEqual(peer.app.heard, ["0 drained"]);
  });

  test("window adjusts and replies are still handed to the link, which queues them", () => {
    const peer = new Peer({ window: 4 });
    const channel = peer.session(7);
    peer.data(0, "abcd");
    peer.link.ready = false;
    channel.consumed(4);
    peer.global("keepalive@openssh.com");
    assert.deepEqual(peer.take(), ["WINDOW_ADJUST 7 4", "REQUEST_FAILURE"]);
  });

  test("a window that was empty before and is adjusted after loses nothing", () => {
    const peer = new Peer();
    const channel = peer.session(7, { window: 0 });
    channel.write(Buffer.from("abc"));
    peer.link.ready = false;
    peer.adjust(0, 2);
    peer.link.ready = true;
    peer.connection.resumed();
    assert.deepEqual(peer.take(), ["DATA 7 ab"]);
    peer.adjust(0, 2);
    assert.deepEqual(peer.take(), ["DATA 7 c"]);
  });
});

describe("a full link", () => {
  test("stops the data at once, also in the middle of one write", () => {
    const peer = new Peer();
    const channel = peer.session(7, { maxPacket: 2 });
    peer.link.room = 2;
    assert.equal(channel.write(Buffer.from("abcdef")), false);
    assert.deepEqual(peer.take(), ["DATA 7 ab", "DATA 7 cd"]);
    peer.connection.resumed();
    assert.deepEqual(peer.take(), []);
    peer.link.room = Infinity;
    peer.connection.resumed();
    assert.deepEqual(peer.take(), ["DATA 7 ef"]);
  });

  test("is shared in turn: one message a channel", () => {
    const peer = new Peer();
    const channels = [peer.session(7, { maxPacket: 2 }), peer.session(8, { maxPacket: 2 }), peer.session(9)];
    peer.link.room = 0;
    channels[0]!.write(Buffer.from("aabbcc"));
    channels[1]!.write(Buffer.from("1122"));
    channels[2]!.write(Buffer.from("x"));
    peer.link.room = Infinity;
    peer.connection.resumed();
    assert.deepEqual(peer.take(), ["DATA 7 aa", "DATA 8 11", "DATA 9 x", "DATA 7 bb", "DATA 8 22", "DATA 7 cc"]);
  });

  test("goes on with the channel whose turn it was", () => {
    const peer = new Peer();
    const channels = [peer.session(7, { maxPacket: 1 }), peer.session(8, { maxPacket: 1 })];
    peer.link.room = 0;
    channels[0]!.write(Buffer.from("aaaa"));
    channels[1]!.write(Buffer.from("bbbb"));
    const order: string[] = [];
    for (let round = 0; round < 4; round++) {
      peer.link.room = 1;
      peer.connection.resumed();
      order.push(...peer.take());
    }
    assert.deepEqual(order, ["DATA 7 a", "DATA 8 b", "DATA 7 a", "DATA 8 b"]);
  });

  test("a channel that refills itself from drained() does not starve another", () => {
    const peer = new Peer();
    const [greedy, modest] = [peer.session(7), peer.session(8, { maxPacket: 1 })];
    peer.link.room = 0;
    greedy.write(Buffer.from("g"));
    modest.write(Buffer.from("mmm"));
    let refills = 3;
    peer.app.onDrained = (channel) => {
      if (channel === greedy && refills-- > 0) channel.write(Buffer.from("g"));
    };
    peer.link.room = Infinity;
    peer.connection.resumed();
    assert.deepEqual(peer.take().slice(0, 6), ["DATA 7 g", "DATA 8 m", "DATA 7 g", "DATA 8 m", "DATA 7 g", "DATA 8 m"]);
  });

  test("a write does not overtake the channels that wait for the link", () => {
    const peer = new Peer();
    const [first, second] = [peer.session(7), peer.session(8)];
    peer.link.room = 0;
    first.write(Buffer.from("first"));
    peer.link.room = Infinity;
    second.write(Buffer.from("second"));
    assert.deepEqual(peer.take(), ["DATA 7 first", "DATA 8 second"]);
  });

  test("a channel without window does not hold up the others", () => {
    const peer = new Peer();
    const [stuck, free] = [peer.session(7, { window: 0 }), peer.session(8)];
    stuck.write(Buffer.from("stuck"));
    assert.equal(free.write(Buffer.from("free")), true);
    assert.deepEqual(peer.take(), ["DATA 8 free"]);
  });
});
