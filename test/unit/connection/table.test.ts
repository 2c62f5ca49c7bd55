import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { connectionTable } from "../../../src/connection/index.ts";
import { messages, Msg, ProtocolError } from "../../../src/wire/index.ts";
import { bytes, Peer } from "./peer.ts";

const recipient = 0;

/** A valid message of each number. */
const samples = new Map<number, Uint8Array>([
  [Msg.GLOBAL_REQUEST, messages.globalRequest.encode({ type: "x", wantReply: false, data: bytes("") })],
  [Msg.REQUEST_SUCCESS, messages.requestSuccess.encode({ data: bytes("") })],
  [Msg.REQUEST_FAILURE, messages.requestFailure.encode({})],
  [Msg.CHANNEL_OPEN, messages.channelOpen.encode({ type: "x", sender: 9, window: 9, maxPacket: 9, data: bytes("") })],
  [
    Msg.CHANNEL_OPEN_CONFIRMATION,
    messages.channelOpenConfirmation.encode({ recipient, sender: 9, window: 9, maxPacket: 9, data: bytes("") }),
  ],
  [
    Msg.CHANNEL_OPEN_FAILURE,
    messages.channelOpenFailure.encode({ recipient, reason: 1, description: "no", language: "" }),
  ],
  [Msg.CHANNEL_WINDOW_ADJUST, messages.channelWindowAdjust.encode({ recipient, bytes: 1 })],
  [Msg.CHANNEL_DATA, messages.channelData.encode({ recipient, data: bytes("x") })],
  [Msg.CHANNEL_EXTENDED_DATA, messages.channelExtendedData.encode({ recipient, type: 1, data: bytes("x") })],
  [Msg.CHANNEL_EOF, messages.channelEof.encode({ recipient })],
  [Msg.CHANNEL_CLOSE, messages.channelClose.encode({ recipient })],
  [Msg.CHANNEL_REQUEST, messages.channelRequest.encode({ recipient, type: "shell", wantReply: true, data: bytes("") })],
  [Msg.CHANNEL_SUCCESS, messages.channelSuccess.encode({ recipient })],
  [Msg.CHANNEL_FAILURE, messages.channelFailure.encode({ recipient })],
]);

/** How a channel 0 gets into each state. */
const states = {
  absent: () => {},
  deciding: (peer: Peer) => peer.open("direct-tcpip", 7),
  opening: (peer: Peer) =>
    peer.connection.openChannel("forwarded-tcpip", bytes(""), {
      opened: (channel) => peer.app.events(channel),
      refused: () => peer.app.heard.push("0 refused"),
    }),
  open: (peer: Peer) => peer.session(7),
  ended: (peer: Peer) => {
    peer.session(7);
    peer.eof(0);
  },
  closing: (peer: Peer) => peer.session(7).close(),
};

/** What a message that is taken in a state does: messages sent, events raised. */
const effects = new Map<string, [sent: string[], heard: string[]]>([
  ["91 opening", [[], []]],
  ["92 opening", [[], ["0 refused"]]],
  ["93 open", [[], []]],
  ["93 ended", [[], []]],
  ["94 open", [[], ["0 data x"]]],
  ["95 open", [[], []]],
  ["96 open", [[], ["0 eof"]]],
  ["97 open", [["CLOSE 7"], ["0 closed"]]],
  ["97 ended", [["CLOSE 7"], ["0 closed"]]],
  ["97 closing", [[], ["0 closed"]]],
  ["98 open", [["SUCCESS 7"], ["0 shell"]]],
  ["98 ended", [["SUCCESS 7"], ["0 shell"]]],
  ["99 open", [[], []]],
  ["99 ended", [[], []]],
  ["100 open", [[], []]],
  ["100 ended", [[], []]],
]);

for (const [state, arrange] of Object.entries(states)) {
  describe(`a channel that is ${state}`, () => {
    for (let number = 80; number <= 127; number++) {
      const row = connectionTable.get(number);
      const verdict = typeof row === "object" ? row[state as keyof typeof states] : (row ?? "unimplemented");
      test(`message ${number}: ${verdict}`, () => {
        const peer = new Peer();
        arrange(peer);
        peer.take();
        peer.app.heard.length = 0;
        const payload = samples.get(number) ?? Buffer.from([number, 0, 0, 0, 0, 0]);
        const [sent, heard] = effects.get(`${number} ${state}`) ?? [[], []];
        if (verdict === "refuse") assert.throws(() => peer.send(payload), ProtocolError);
        else peer.send(payload);
        assert.equal(peer.link.unimplementedAnswers, verdict === "unimplemented" ? 1 : 0);
        assert.deepEqual(peer.take(), sent);
        assert.deepEqual(peer.app.heard, heard);
        assert.equal(effects.has(`${number} ${state}`), verdict === "take");
      });
    }
  });
}

test("every message of RFC 4254 has a row and a sample", () => {
  assert.deepEqual(
    [...connectionTable.keys()].toSorted((a, b) => a - b),
    [...samples.keys()],
  );
});

test("ids that no channel can have are unknown ones", () => {
  for (const id of [64, 0x7fffffff, 0x80000000, 0xffffffff]) {
    const peer = new Peer();
    peer.session(7);
    assert.throws(() => peer.data(id, "x"), ProtocolError);
    assert.throws(() => peer.eof(id), ProtocolError);
    assert.throws(() => peer.close(id), ProtocolError);
    assert.throws(() => peer.exec(id, "id"), ProtocolError);
    peer.adjust(id, 1);
    assert.deepEqual(peer.take(), []);
    assert.deepEqual(peer.app.heard, []);
  }
});

test("a message that is cut before the channel's id ends the connection", () => {
  const peer = new Peer();
  peer.session(7);
  for (const number of samples.keys()) {
    if (number < Msg.CHANNEL_OPEN_CONFIRMATION) continue;
    for (let length = 1; length < 5; length++) {
      assert.throws(() => peer.send(Buffer.alloc(length, number)), ProtocolError);
    }
  }
});
