import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { SessionRequests } from "../../../src/connection/session-request.ts";
import { messages, Msg, ProtocolError } from "../../../src/wire/index.ts";
import { Peer } from "./peer.ts";

const types = [
  "pty-req",
  "window-change",
  "env",
  "shell",
  "exec",
  "subsystem",
  "signal",
  "break",
  "x11-req",
  "auth-agent-req@openssh.com",
  "eow@openssh.com",
];

/** Bytes that often look like fields. */
const fields = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes])),
      fc.constantFrom(Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.from([0, 0, 0, 0])),
    ),
    { maxLength: 7 },
  )
  .map((parts) => Buffer.concat(parts));

function onlyProtocolErrors(act: () => void): void {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error));
  }
}

for (const type of types) {
  test(`${type}: any bytes are a value or a ProtocolError`, () => {
    fc.assert(
      fc.property(fields, (data) => {
        onlyProtocolErrors(() => {
          const reading = new SessionRequests().read(type, data);
          assert.ok(reading === "refused" || reading === "accepted" || reading.type === type);
        });
      }),
    );
  });
}

test("any message of any bytes is handled or a ProtocolError", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 80, max: 127 }), fields), { maxLength: 5 }), (payloads) => {
      const peer = new Peer();
      peer.session(7);
      for (const [number, rest] of payloads) {
        onlyProtocolErrors(() => peer.send(Buffer.concat([Buffer.from([number]), rest])));
        onlyProtocolErrors(() => peer.send(Buffer.concat([Buffer.from([number, 0, 0, 0, 0]), rest])));
      }
    }),
  );
});

test("any channel request of any bytes is handled or a ProtocolError, and answered at most once", () => {
  fc.assert(
    fc.property(fc.constantFrom(...types, "bogus"), fields, fc.boolean(), (type, data, wantReply) => {
      const peer = new Peer();
      peer.session(7);
      let failed = false;
      try {
        peer.request(0, type, data, wantReply);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
        failed = true;
      }
      assert.equal(peer.take().length, wantReply && !failed ? 1 : 0);
    }),
  );
});

test("a message that is cut anywhere is a ProtocolError, nothing is done, and its text holds no byte of the peer", () => {
  const whole = [
    messages.channelOpen.encode({ type: "SECRET", sender: 9, window: 9, maxPacket: 9, data: new Uint8Array(0) }),
    messages.globalRequest.encode({ type: "SECRET", wantReply: true, data: new Uint8Array(0) }),
    messages.channelData.encode({ recipient: 0, data: Buffer.from("SECRET") }),
    messages.channelExtendedData.encode({ recipient: 0, type: 1, data: Buffer.from("SECRET") }),
    messages.channelWindowAdjust.encode({ recipient: 0, bytes: 1 }),
    messages.channelEof.encode({ recipient: 0 }),
    messages.channelClose.encode({ recipient: 0 }),
    messages.channelRequest.encode({ recipient: 0, type: "SECRET", wantReply: true, data: new Uint8Array(0) }),
    messages.channelRequest.encode({
      recipient: 0,
      type: "exec",
      wantReply: true,
      data: messages.execRequest.encode({ command: Buffer.from("SECRET") }),
    }),
  ];
  for (const payload of whole) {
    for (let cut = 1; cut < payload.length; cut++) {
      const peer = new Peer();
      peer.session(7);
      const act = (): void => peer.send(payload.subarray(0, cut));
      assert.throws(act, (error) => error instanceof ProtocolError && !error.message.includes("SEC"));
      assert.deepEqual(peer.take(), [], `message ${payload[0]} cut to ${cut} of ${payload.length} bytes`);
      assert.deepEqual(peer.app.heard, []);
    }
  }
  assert.equal(whole[0]![0], Msg.CHANNEL_OPEN);
});
