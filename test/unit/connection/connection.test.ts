import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { messages, OpenFailure, ProtocolError } from "../../../src/wire/index.ts";
import { bytes, Peer } from "./peer.ts";

describe("a session", () => {
  test("is confirmed with our id, window and maximum packet", () => {
    const peer = new Peer({ window: 1000, maxPacket: 100 });
    peer.open("session", 0xffffffff);
    assert.deepEqual(peer.take(), ["OPEN_CONFIRMATION 4294967295 0 1000 100"]);
    peer.open("session", 0x80000000);
    assert.deepEqual(peer.take(), ["OPEN_CONFIRMATION 2147483648 1 1000 100"]);
    assert.equal(peer.connection.channels, 2);
    assert.equal(peer.connection.sessions, 2);
  });

  test("may be written to and closed before it is confirmed: that follows the confirmation", () => {
    const peer = new Peer({ window: 1000, maxPacket: 100 });
    peer.app.onSession = (channel) => {
      assert.equal(channel.write(Buffer.from("hello")), false);
      channel.exitStatus(0);
      channel.close();
      assert.throws(() => channel.request("too-early", bytes("")), /not been confirmed/);
    };
    peer.open("session", 7);
    assert.deepEqual(peer.take(), [
      "OPEN_CONFIRMATION 7 0 1000 100",
      "DATA 7 hello",
      "REQUEST 7 exit-status quiet 0",
      "EOF 7",
      "CLOSE 7",
    ]);
  });

  test("that the application refuses leaves no trace", () => {
    const peer = new Peer();
    peer.app.acceptSessions = false;
    peer.app.onSession = (channel) => channel.write(Buffer.from("never seen"));
    peer.open("session", 7);
    assert.deepEqual(peer.take(), [`OPEN_FAILURE 7 ${OpenFailure.ADMINISTRATIVELY_PROHIBITED}`]);
    assert.equal(peer.connection.channels, 0);
    assert.equal(peer.connection.sessions, 0);
    assert.equal(peer.app.channels[0]!.writable, false);
    peer.connection.ended();
    assert.deepEqual(peer.app.heard, []);
  });

  test("whose application ends the connection while it is asked hears closed() and nothing is sent", () => {
    const peer = new Peer();
    peer.app.onSession = () => peer.connection.ended();
    peer.open("session", 7);
    assert.deepEqual(peer.take(), []);
    assert.deepEqual(peer.app.heard, ["0 closed"]);
  });

  test("open with fields of its own ends the connection", () => {
    const peer = new Peer();
    assert.throws(() => peer.open("session", 7, { data: bytes("x") }), ProtocolError);
  });
});

describe("channel ids", () => {
  test("are used again, the lowest first", () => {
    const peer = new Peer({ window: 1, maxPacket: 1 });
    for (const sender of [70, 71, 72, 73]) peer.session(sender);
    peer.close(2);
    peer.close(1);
    peer.take();
    for (const sender of [81, 82, 83]) peer.open("session", sender);
    assert.deepEqual(peer.take(), [
      "OPEN_CONFIRMATION 81 1 1 1",
      "OPEN_CONFIRMATION 82 2 1 1",
      "OPEN_CONFIRMATION 83 4 1 1",
    ]);
  });

  test("are kept until the client has answered our CLOSE", () => {
    const peer = new Peer();
    peer.session(7).close();
    assert.equal(peer.connection.channels, 1);
    assert.equal(peer.connection.sessions, 1);
    peer.close(0);
    assert.equal(peer.connection.channels, 0);
    assert.equal(peer.connection.sessions, 0);
  });

  test("two channels with the same id of the client stay apart", () => {
    const peer = new Peer();
    peer.session(7);
    peer.session(7);
    peer.data(1, "second");
    peer.close(0);
    assert.deepEqual(peer.app.heard, ["1 data second", "0 closed"]);
    assert.equal(peer.connection.channels, 1);
  });
});

describe("a channel that is refused by the engine", () => {
  const refused = (type: string, reason: number): void => {
    test(`${JSON.stringify(type.slice(0, 40))}: reason ${reason}`, () => {
      const peer = new Peer();
      peer.open(type, 7);
      assert.deepEqual(peer.take(), [`OPEN_FAILURE 7 ${reason}`]);
      assert.deepEqual(peer.app.opens, []);
      assert.equal(peer.connection.channels, 0);
    });
  };
  for (const type of ["", "session ", "ses\0sion", "x".repeat(65), "x".repeat(1000)]) {
    refused(type, OpenFailure.UNKNOWN_CHANNEL_TYPE);
  }
  const serverTypes = ["x11", "forwarded-tcpip", "forwarded-streamlocal@openssh.com", "auth-agent@openssh.com"];
  for (const type of [...serverTypes, "agent-connect"]) refused(type, OpenFailure.ADMINISTRATIVELY_PROHIBITED);
});

test("the type of any other channel is the application's decision", () => {
  const peer = new Peer();
  for (const type of ["direct-tcpip", "bogus", "constructor", "__proto__", "SESSION"]) {
    peer.open(type, 7);
    const open = peer.app.opens.at(-1)!;
    assert.equal(open.type, type);
    open.refuse(OpenFailure.UNKNOWN_CHANNEL_TYPE, "no");
  }
  assert.deepEqual(peer.take(), Array(5).fill("OPEN_FAILURE 7 3"));
  assert.equal(peer.connection.channels, 0);
});

describe("the end of the connection", () => {
  test("closes every channel exactly once, in whatever state", () => {
    const peer = new Peer();
    peer.session(7);
    peer.session(8).close();
    const held = peer.session(9, { window: 0 });
    held.write(Buffer.from("stuck"));
    peer.session(10);
    peer.close(3);
    peer.take();
    peer.app.heard.length = 0;
    peer.connection.ended();
    peer.connection.ended();
    assert.deepEqual(peer.app.heard, ["0 closed", "1 closed", "2 closed"]);
    assert.equal(peer.connection.channels, 0);
    assert.equal(held.buffered, 0);
  });

  test("is told to every channel, also behind one whose application throws, and what it threw comes out", () => {
    const peer = new Peer();
    for (const sender of [7, 8, 9]) peer.session(sender);
    const replies: boolean[] = [];
    peer.connection.globalRequest("x", bytes(""), (success) => replies.push(success));
    peer.app.channels[0]!.request("y", bytes(""), () => assert.fail("planted in a reply"));
    peer.app.onClosed = (channel) => channel.id === 1 && assert.fail("planted in closed");
    peer.app.heard.length = 0;
    assert.throws(() => peer.connection.ended(), /planted in a reply/);
    assert.deepEqual(peer.app.heard, ["0 closed", "1 closed", "2 closed"]);
    assert.deepEqual(replies, [false]);
    assert.equal(peer.connection.channels, 0);
  });

  test("is the end of sending and of listening", () => {
    const peer = new Peer();
    const channel = peer.session(7);
    peer.data(0, "abc");
    peer.global("later");
    peer.open("direct-tcpip", 8);
    peer.connection.ended();
    peer.app.heard.length = 0;
    peer.data(0, "x");
    peer.open("session", 9);
    peer.send(Buffer.from([126]));
    channel.write(Buffer.from("x"));
    channel.consumed(3);
    channel.close();
    peer.app.globals[0]!.reply(true);
    assert.equal(peer.app.opens[0]!.accept(peer.app.events(channel)), undefined);
    peer.app.opens[0]!.refuse(1, "no");
    peer.connection.resumed();
    peer.connection.globalRequest("x", bytes(""));
    assert.deepEqual(peer.take(), []);
    assert.deepEqual(peer.app.heard, []);
    assert.equal(peer.link.unimplementedAnswers, 0);
  });

  test("fails the replies that were awaited", () => {
    const peer = new Peer();
    const channel = peer.session(7);
    const replies: string[] = [];
    channel.request("a", bytes(""), (success) => replies.push(`channel ${success}`));
    peer.connection.globalRequest("b", bytes(""), (success) => replies.push(`global ${success}`));
    peer.connection.ended();
    peer.connection.globalRequest("c", bytes(""), (success) => replies.push(`late ${success}`));
    assert.deepEqual(replies, ["channel false", "global false", "late false"]);
  });
});

test("after no-more-sessions another session ends the connection, other channels do not", () => {
  const peer = new Peer();
  const channel = peer.session(7);
  peer.global("no-more-sessions@openssh.com");
  assert.deepEqual(peer.take(), ["REQUEST_SUCCESS"]);
  channel.write(Buffer.from("goes on"));
  peer.open("direct-tcpip", 8);
  assert.equal(peer.app.opens.length, 1);
  assert.throws(() => peer.open("session", 9), ProtocolError);
  assert.throws(() => peer.open("session", 9, { maxPacket: 0 }), ProtocolError);
  assert.deepEqual(peer.take(), ["DATA 7 goes on"]);
});

test("no-more-sessions without a reply counts too", () => {
  const peer = new Peer();
  peer.global("no-more-sessions@openssh.com", false);
  assert.throws(() => peer.open("session", 9), ProtocolError);
  assert.deepEqual(peer.take(), []);
});

test("a message with bytes behind its last field ends the connection", () => {
  const peer = new Peer();
  peer.session(7);
  const whole = [
    messages.channelEof.encode({ recipient: 0 }),
    messages.channelClose.encode({ recipient: 0 }),
    messages.channelWindowAdjust.encode({ recipient: 0, bytes: 1 }),
    messages.channelSuccess.encode({ recipient: 0 }),
    messages.channelFailure.encode({ recipient: 0 }),
    messages.requestFailure.encode({}),
  ];
  for (const payload of whole) {
    assert.throws(() => peer.send(Buffer.concat([payload, Buffer.from([0])])), ProtocolError);
  }
  assert.deepEqual(peer.app.heard, []);
});
