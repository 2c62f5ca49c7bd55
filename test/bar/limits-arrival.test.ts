/** Security bar, table B: what a connection may use before anybody has logged in on it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DisconnectReason, messages, Msg, Writer } from "../../src/wire/index.ts";
import { pass, usualDeadlines } from "./harness/clock.ts";
import { Bar, ignore, PASSWORD, serviceRequest, silent } from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

/** Sends a first KEXINIT with these fields. */
async function begin(peer: Peer, fields: Partial<messages.KexInit> = {}): Promise<void> {
  await peer.until("the server's KEXINIT", () => peer.came(Msg.KEXINIT) > 0);
  peer.client.sendIdentification();
  peer.client.sendKexInit(fields);
  peer.flush();
}

/** … and goes on as it should. */
function goOn(peer: Peer): Peer {
  peer.client.sendKexEcdhInit();
  peer.client.automatic = true;
  return peer.flush();
}

function extInfo(count: number): Uint8Array {
  const pairs = new Writer();
  for (let i = 0; i < count; i++) pairs.utf8(`name-${i}@example.com`).utf8("");
  return messages.extInfo.encode({ count, extensions: pairs.finish() });
}

test("B LoginGraceTime: 60 s from the arrival, whatever is sent meanwhile", async (t) => {
  const bar = await Bar.open(t, { limits: usualDeadlines });
  assert.equal(usualDeadlines.loginGraceTime, 60);
  const slow = await bar.peer("handshake done");
  const inTime = await bar.peer("handshake done");
  await pass(30);
  assert.equal(await slow.tryPassword("ada", "wrong"), "failure");
  assert.equal(await inTime.tryPassword("ada", PASSWORD), "success");
  await inTime.openSession();
  await bar.othersAreWell();
  await pass(31);
  assert.equal(await slow.closed(), DisconnectReason.BY_APPLICATION);
  await inTime.settled();
  assert.ok(bar.log.some(({ event, detail }) => event === "left" && detail.departure === "grace-time"));
});

test("B identification: 255 bytes with no line before it, complete after 10 s", async (t) => {
  const bar = await Bar.open(t, { limits: usualDeadlines });
  const line = (length: number): string => `SSH-2.0-${"x".repeat(length - 10)}`;
  await bar.peer("handshake done", { identification: line(255) });
  await bar.closes("connected", () => undefined, { identification: line(256) });
  await bar.closes("connected", (peer) => peer.raw("hello\r\nSSH-2.0-x\r\n"), silent);

  assert.equal(usualDeadlines.identificationTime, 10);
  const mute = await bar.peer("connected", silent);
  const dribbling = await bar.peer("connected", silent);
  const ready = await bar.peer("connected", silent);
  await pass(5);
  dribbling.raw("SSH-2.0-");
  ready.client.sendIdentification();
  ready.flush();
  // What was sent before is read before.
  await bar.othersAreWell();
  await pass(6);
  await mute.closed();
  await dribbling.closed();
  assert.equal(ready.isClosed, false);
});

test("B handshake to first NEWKEYS: 20 s", async (t) => {
  const bar = await Bar.open(t, { limits: usualDeadlines });
  assert.equal(usualDeadlines.handshakeTime, 20);
  const slow = await bar.peer("connected", silent);
  const inTime = await bar.peer("connected", silent);
  await begin(slow);
  slow.client.sendKexEcdhInit();
  await slow.flush().until("the server's NEWKEYS", () => slow.came(Msg.NEWKEYS) > 0);
  await begin(inTime);
  await pass(10);
  await goOn(inTime).handshake();
  await pass(11);
  await slow.closed();
  assert.equal(await inTime.tryPassword("ada", PASSWORD), "success");
});

test("B packet_length: 64 KiB before the login, 256 KiB after it", async (t) => {
  const bar = await Bar.open(t);
  // What is claimed counts, whether or not it comes.
  const claim = (length: number): Uint8Array => new Writer().uint32(length).bytes(Buffer.alloc(12)).finish();
  const clear = await bar.peer("connected", silent);
  clear.raw("SSH-2.0-x\r\n").raw(claim(65_532));
  const { reason } = await bar.closes("connected", (peer) => peer.raw("SSH-2.0-x\r\n").raw(claim(65_540)), {
    automatic: false,
  });
  assert.deepEqual([reason, clear.isClosed], [DisconnectReason.PROTOCOL_ERROR, false]);

  // Of an IGNORE are 5 bytes its number and length, and 5 more of the packet its padding and the length of that.
  for (const [stage, limit] of [
    ["handshake done", 65_536],
    ["logged in", 262_144],
  ] as const) {
    const peer = await bar.peer(stage);
    peer.send(ignore(limit - 10));
    if (stage === "logged in") await peer.settled();
    else assert.equal(await peer.tryPassword("ada", PASSWORD), "success");
    const over = await bar.closes(stage, (peer) => peer.send(ignore(limit - 9)));
    assert.equal(over.reason, DisconnectReason.MAC_ERROR, "as if it were not authentic");
  }
});

test("B KEXINIT / names per list / name: 32 KiB / 1024 / 64 characters", async (t) => {
  const bar = await Bar.open(t);
  const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i}`);
  const long = (length: number): Partial<messages.KexInit> => {
    const name = "x".repeat(64);
    // Each of them makes 65 bytes with its comma, and the last one what is missing; the lists of languages are one apiece.
    const missing = length - size;
    const languageIn = Array.from({ length: Math.floor(missing / 65) }, () => name);
    return { languageIn: [...languageIn, "x".repeat(missing % 65)] };
  };
  const { client } = await bar.peer("connected", silent);
  const size = client.kexInit().length;
  assert.equal(client.kexInit(long(32_768)).length, 32_768);

  for (const [at, over] of [
    [long(32_768), long(32_769)],
    [{ languageOut: many(1024) }, { languageOut: many(1025) }],
    [{ languageIn: ["y".repeat(64)] }, { languageIn: ["y".repeat(65)] }],
  ] as const) {
    const peer = await bar.peer("connected", silent);
    await begin(peer, at);
    await goOn(peer).handshake();
    const { reason } = await bar.closes("connected", (peer) => begin(peer, over), silent);
    assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
  }
});

test("B EXT_INFO entries: 64, once", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("keys exchanged");
  peer.send(extInfo(64), serviceRequest());
  await peer.next(messages.serviceAccept);
  await bar.closes("keys exchanged", (peer) => peer.send(extInfo(65), serviceRequest()));
  await bar.closes("keys exchanged", (peer) => peer.send(extInfo(1), extInfo(1)));
});

test("B rekey before login: refused", async (t) => {
  const bar = await Bar.open(t);
  for (const stage of ["keys exchanged", "handshake done"] as const) {
    const { reason, peer } = await bar.closes(stage, (peer) => peer.client.sendKexInit());
    assert.deepEqual([reason, peer.client.exchanges], [DisconnectReason.PROTOCOL_ERROR, 1]);
  }
});
