import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OpenFailure, ProtocolError } from "../../src/wire/index.ts";
import { bytes, Peer } from "../unit/connection/peer.ts";

const WINDOW = 1 << 20;
const PACKET = 32768;
const packet = Buffer.alloc(PACKET, "v");

describe("sessions on one connection", () => {
  test("ten are confirmed, the eleventh is refused and costs nothing", () => {
    const peer = new Peer();
    for (let i = 0; i < 10; i++) peer.session(i);
    assert.equal(peer.connection.sessions, 10);
    peer.open("session", 99);
    assert.deepEqual(peer.take(), [`OPEN_FAILURE 99 ${OpenFailure.RESOURCE_SHORTAGE}`]);
    assert.equal(peer.app.channels.length, 10);
    peer.close(4);
    peer.take();
    peer.open("session", 99);
    assert.deepEqual(peer.take(), ["OPEN_CONFIRMATION 99 4 1048576 32768"]);
  });

  test("sessions that wait for the client's CLOSE still count", () => {
    const peer = new Peer();
    for (let i = 0; i < 10; i++) peer.session(i).close();
    peer.take();
    peer.open("session", 99);
    assert.deepEqual(peer.take(), [`OPEN_FAILURE 99 ${OpenFailure.RESOURCE_SHORTAGE}`]);
  });

  test("thousands may follow each other", () => {
    const peer = new Peer();
    for (let i = 0; i < 2000; i++) {
      assert.equal(peer.session(i).id, 0);
      peer.close(0);
    }
    assert.equal(peer.connection.channels, 0);
  });
});

describe("channels on one connection", () => {
  test("64 may be open or undecided, the next is refused without asking the application", () => {
    const peer = new Peer();
    for (let i = 0; i < 64; i++) peer.open("direct-tcpip", i);
    for (const open of peer.app.opens.slice(0, 32)) open.accept(peer.app.events({ id: 0 } as never));
    peer.take();
    peer.open("direct-tcpip", 99);
    peer.open("session", 98);
    assert.deepEqual(peer.take(), ["OPEN_FAILURE 99 4", "OPEN_FAILURE 98 4"]);
    assert.equal(peer.app.opens.length, 64);
    assert.equal(peer.app.channels.length, 0);
  });

  test("those that we ask for count too, and there is no 65th", () => {
    const peer = new Peer();
    const refused: number[] = [];
    const answer = {
      opened: () => assert.fail("nobody confirmed it"),
      refused: (reason: number) => void refused.push(reason),
    };
    for (let i = 0; i < 65; i++) peer.connection.openChannel("forwarded-tcpip", bytes(""), answer);
    assert.deepEqual(refused, [OpenFailure.RESOURCE_SHORTAGE]);
    assert.equal(peer.take().length, 64);
  });

  test("ten thousand refused ones leave no trace", () => {
    const peer = new Peer();
    for (let i = 0; i < 10_000; i++) {
      peer.open(i % 2 ? "x11" : "bogus", i);
      peer.app.opens.pop()?.refuse(OpenFailure.UNKNOWN_CHANNEL_TYPE, "no");
    }
    assert.equal(peer.take().length, 10_000);
    assert.equal(peer.connection.channels, 0);
  });
});

describe("the client's maximum packet", () => {
  test("of 1 is kept, byte by byte", () => {
    const peer = new Peer();
    peer.session(7, { maxPacket: 1 }).write(Buffer.from("abc"));
    assert.deepEqual(peer.take(), ["DATA 7 a", "DATA 7 b", "DATA 7 c"]);
  });

  test("of 0 is refused for any type of channel", () => {
    const peer = new Peer();
    peer.open("session", 7, { maxPacket: 0 });
    peer.open("direct-tcpip", 8, { maxPacket: 0 });
    assert.deepEqual(peer.take(), ["OPEN_FAILURE 7 1", "OPEN_FAILURE 8 1"]);
    assert.equal(peer.connection.channels, 0);
    assert.deepEqual(peer.app.channels, []);
    assert.deepEqual(peer.app.opens, []);
  });
});

describe("our maximum packet", () => {
  test("of 32768 bytes is delivered, one byte more ends the connection", () => {
    for (const send of ["data", "extendedData"] as const) {
      const peer = new Peer();
      peer.session(7);
      const over = Buffer.alloc(PACKET + 1);
      if (send === "data") {
        peer.data(0, packet);
        assert.throws(() => peer.data(0, over), ProtocolError);
      } else {
        peer.extendedData(0, 1, packet);
        assert.throws(() => peer.extendedData(0, 1, over), ProtocolError);
      }
      assert.equal(peer.app.heard.length, send === "data" ? 1 : 0);
    }
  });
});

describe("the window that a client gets", () => {
  /** A session whose window of 1 MiB is used up. */
  const full = (): Peer => {
    const peer = new Peer();
    peer.session(7);
    for (let sent = 0; sent < WINDOW; sent += PACKET) peer.data(0, packet);
    assert.equal(peer.app.heard.length, WINDOW / PACKET);
    return peer;
  };

  test("is delivered to its last byte, and nothing beyond it", () => {
    const peer = full();
    peer.data(0, "x");
    assert.equal(peer.app.heard.length, WINDOW / PACKET);
  });

  test("a message that is partly beyond it is not delivered at all", () => {
    const peer = new Peer({ window: 100 });
    peer.session(7);
    peer.data(0, "x".repeat(99));
    peer.data(0, "yz");
    peer.data(0, "z");
    assert.deepEqual(peer.app.heard, [`0 data ${"x".repeat(99)}`]);
  });

  test("a tenth beyond it is dropped, one byte more ends the connection", () => {
    const peer = full();
    const tenth = Math.floor(WINDOW / 10);
    for (let sent = 0; sent + PACKET <= tenth; sent += PACKET) peer.data(0, packet);
    peer.data(0, Buffer.alloc(tenth % PACKET));
    assert.equal(peer.app.heard.length, WINDOW / PACKET);
    assert.throws(() => peer.data(0, "x"), ProtocolError);
  });

  test("counts stderr of the client too", () => {
    const peer = new Peer({ window: 100 });
    const channel = peer.session(7);
    peer.data(0, "x".repeat(60));
    for (const size of [40, 10]) peer.extendedData(0, 1, "y".repeat(size));
    assert.throws(() => peer.extendedData(0, 1, "y"), ProtocolError);
    channel.consumed(10);
    assert.deepEqual(peer.take(), ["WINDOW_ADJUST 7 50"]);
  });

  test("is not given back while the application takes nothing", () => {
    const peer = full();
    assert.deepEqual(peer.take(), []);
  });
});

describe("the window of the client", () => {
  test("of 2^32-1 is used, and an adjust above it ends the connection", () => {
    const peer = new Peer();
    const channel = peer.session(7, { window: 0xffffffff });
    assert.throws(() => peer.adjust(0, 1), ProtocolError);
    channel.write(Buffer.from("x"));
    peer.adjust(0, 1);
    assert.throws(() => peer.adjust(0, 0xffffffff), ProtocolError);
    assert.deepEqual(peer.take(), ["DATA 7 x"]);
  });

  test("that never opens holds what was written and not a byte more", () => {
    const peer = new Peer();
    const channel = peer.session(7, { window: 0 });
    for (let i = 0; i < 100; i++) {
      assert.equal(channel.write(packet), false);
      peer.adjust(0, 0);
    }
    assert.equal(channel.buffered, 100 * PACKET);
    assert.deepEqual(peer.take(), []);
    peer.close(0);
    assert.equal(channel.buffered, 0);
  });
});
