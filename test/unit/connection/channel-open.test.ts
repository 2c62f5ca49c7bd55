import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { messages, OpenFailure, ProtocolError } from "../../../src/wire/index.ts";
import type { ChannelOpening } from "../../../src/connection/index.ts";
import { bytes, Peer, text } from "./peer.ts";

describe("a channel that the client asks for", () => {
  test("may be accepted later, and is sent what was written in between nothing", () => {
    const peer = new Peer({ window: 1000, maxPacket: 100 });
    peer.open("direct-tcpip", 7, { data: bytes("where to") });
    const open = peer.app.opens[0]!;
    assert.equal(text(open.data), "where to");
    assert.deepEqual(peer.take(), []);
    assert.equal(peer.connection.channels, 1);
    const channel = open.accept(peer.app.events({ id: 0 } as never))!;
    assert.equal(channel.type, "direct-tcpip");
    channel.write(Buffer.from("hi"));
    peer.data(0, "ho");
    assert.deepEqual(peer.take(), ["OPEN_CONFIRMATION 7 0 1000 100", "DATA 7 hi"]);
    assert.deepEqual(peer.app.heard, ["0 data ho"]);
    assert.equal(peer.connection.sessions, 0);
  });

  test("is answered once", () => {
    const peer = new Peer({ window: 1, maxPacket: 1 });
    const events = peer.app.events({ id: 0 } as never);
    peer.open("direct-tcpip", 7);
    peer.open("direct-tcpip", 8);
    const [first, second] = peer.app.opens;
    assert.notEqual(first!.accept(events), undefined);
    assert.equal(first!.accept(events), undefined);
    first!.refuse(OpenFailure.CONNECT_FAILED, "no");
    second!.refuse(OpenFailure.CONNECT_FAILED, "no");
    second!.refuse(OpenFailure.CONNECT_FAILED, "no");
    assert.equal(second!.accept(events), undefined);
    assert.deepEqual(peer.take(), ["OPEN_CONFIRMATION 7 0 1 1", "OPEN_FAILURE 8 2"]);
    assert.deepEqual(peer.app.heard, []);
    assert.equal(peer.connection.channels, 1);
  });

  test("has no exit status", () => {
    const peer = new Peer();
    peer.open("direct-tcpip", 7);
    const channel = peer.app.opens[0]!.accept(peer.app.events({ id: 0 } as never))!;
    peer.take();
    channel.exitStatus(0);
    channel.exitSignal("TERM", false, "");
    assert.deepEqual(peer.take(), []);
  });
});

describe("a channel that we ask for", () => {
  const asked = (peer: Peer, says: (what: string) => void = (what) => peer.app.heard.push(what)): ChannelOpening => ({
    opened: (channel) => {
      says("opened");
      peer.app.channels.push(channel);
      return peer.app.events(channel);
    },
    refused: (reason, description) => says(`refused ${reason} ${description}`),
  });
  const confirmation = (fields: { window?: number; maxPacket?: number } = {}): Uint8Array =>
    messages.channelOpenConfirmation.encode({
      recipient: 0,
      sender: 7,
      window: 10,
      maxPacket: 10,
      data: bytes(""),
      ...fields,
    });

  test("is open once the client confirms it", () => {
    const peer = new Peer({ window: 1000, maxPacket: 100 });
    peer.connection.openChannel("forwarded-tcpip", bytes("from where"), asked(peer));
    assert.deepEqual(peer.take(), ["OPEN forwarded-tcpip 0 1000 100"]);
    peer.send(confirmation());
    peer.app.channels[0]!.write(Buffer.from("hi"));
    peer.data(0, "ho");
    peer.app.channels[0]!.close();
    peer.close(0);
    assert.deepEqual(peer.take(), ["DATA 7 hi", "EOF 7", "CLOSE 7"]);
    assert.deepEqual(peer.app.heard, ["opened", "0 data ho", "0 closed"]);
    assert.equal(peer.connection.channels, 0);
  });

  test("may be written to from within opened()", () => {
    const peer = new Peer();
    peer.connection.openChannel("x11", bytes(""), {
      opened: (channel) => {
        channel.write(Buffer.from("first"));
        channel.close();
        return peer.app.events(channel);
      },
      refused: () => {},
    });
    peer.take();
    peer.send(confirmation());
    assert.deepEqual(peer.take(), ["DATA 7 first", "EOF 7", "CLOSE 7"]);
  });

  test("frees its id when the client refuses", () => {
    const peer = new Peer();
    peer.connection.openChannel("x11", bytes(""), asked(peer));
    peer.take();
    peer.send(messages.channelOpenFailure.encode({ recipient: 0, reason: 2, description: "no X here", language: "" }));
    assert.deepEqual(peer.app.heard, ["refused 2 no X here"]);
    assert.equal(peer.connection.channels, 0);
    assert.throws(() => peer.send(confirmation()), ProtocolError);
  });

  test("is refused when the connection ends, or has ended", () => {
    const peer = new Peer();
    peer.connection.openChannel("x11", bytes(""), asked(peer));
    peer.connection.ended();
    peer.connection.openChannel("x11", bytes(""), asked(peer));
    assert.deepEqual(peer.app.heard, [
      "refused 2 the connection has ended",
      "refused 4 no channel is free on this connection",
    ]);
  });

  test("ends the connection when the client confirms it with a maximum packet of 0, or twice", () => {
    const peer = new Peer();
    peer.connection.openChannel("x11", bytes(""), asked(peer));
    assert.throws(() => peer.send(confirmation({ maxPacket: 0 })), ProtocolError);
    peer.send(confirmation());
    assert.throws(() => peer.send(confirmation()), ProtocolError);
  });

  test("whose application ends the connection in opened() hears closed()", () => {
    const peer = new Peer();
    peer.connection.openChannel(
      "x11",
      bytes(""),
      asked(peer, () => peer.connection.ended()),
    );
    peer.take();
    peer.send(confirmation());
    assert.deepEqual(peer.app.heard, ["0 closed"]);
    assert.deepEqual(peer.take(), []);
  });
});
