/** Security bar, parts A1 and A3: the renewal of keys, what goes on over it, and what a flood costs meanwhile. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { DisconnectReason, messages, Msg } from "../../src/wire/index.ts";
import { kept, noneRequest } from "../client/index.ts";
import { noise } from "../target/programs.ts";
import {
  Bar,
  channelData,
  channelEof,
  channelOpen,
  exec,
  globalRequest,
  ignore,
  ping,
  silent,
  windowAdjust,
} from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

test("A13: pings have no answer before the login, nor inside a key exchange, and nothing grows by them", async (t) => {
  const bar = await Bar.open(t);
  const flood = (peer: Peer): void => {
    for (let i = 0; i < 20_000; i++) peer.client.send(ping("x".repeat(100)));
  };
  const inFirst = (peer: Peer): void => {
    peer.client.sendIdentification();
    peer.client.sendKexInit();
    flood(peer);
  };
  const growth = await kept(async () => {
    for (const strict of [true, false]) {
      const { peer } = await bar.closes("connected", inFirst, { ...silent, strict });
      assert.equal(peer.came(Msg.PONG), 0);
    }
    assert.equal((await bar.closes("handshake done", flood)).peer.came(Msg.PONG), 0);
    const inRekey = (peer: Peer): void => {
      peer.client.automatic = false;
      peer.client.sendKexInit();
      flood(peer);
    };
    assert.equal((await bar.closes("logged in", inRekey)).peer.came(Msg.PONG), 0);
  });
  assert.ok(growth < 8 * 2 ** 20, `${growth} bytes`);
});

test("A14: after the client's KEXINIT, any message but those of the exchange ends the connection", async (t) => {
  const bar = await Bar.open(t);
  const others = [globalRequest("x"), channelOpen(), channelData(0, "x"), ping(), noneRequest(), Uint8Array.of(150)];
  for (const payload of others) {
    const { peer, reason } = await bar.closes("logged in", async (peer) => {
      await peer.exec("cat");
      peer.client.automatic = false;
      peer.client.sendKexInit();
      peer.send(payload);
    });
    assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
    assert.equal(peer.client.numbers.at(-2), Msg.KEXINIT, "the last words but one");
  }
});

test("A14: after the client's KEXINIT, a flood of requests is not answered", async (t) => {
  const bar = await Bar.open(t);
  const act = (peer: Peer): void => {
    peer.client.automatic = false;
    peer.client.sendKexInit();
    for (let i = 0; i < 30_000; i++) peer.client.send(globalRequest("x"));
  };
  const { peer } = await bar.closes("logged in", act);
  assert.equal(peer.came(Msg.REQUEST_FAILURE), 0);
});

test("A15: while our KEXINIT has no answer, output waits and does not pile up, and the time is up at last", async (t) => {
  const bar = await Bar.open(t, { limits: { rekeyLimit: { bytes: 2 ** 20 }, rekeyTime: 1 } });
  const peer = await bar.peer("logged in", { kex: ["curve25519-sha256"] });
  peer.client.automatic = false;
  let output = 0;
  let isAsked = false;
  peer.client.intercept = (payload) => {
    if (payload[0] === Msg.KEXINIT) isAsked = true;
    if (payload[0] !== Msg.CHANNEL_DATA) return false;
    assert.equal(isAsked, false, "channel data behind the KEXINIT");
    output += payload.length;
    return true;
  };
  const growth = await kept(async () => {
    peer.send(channelOpen(), exec(0, "down 500"));
    await peer.until("the server's KEXINIT", () => isAsked);
    await bar.othersAreWell();
  });
  assert.ok(output >= 2 ** 20 - 2 ** 18, `${output} bytes came`);
  assert.ok(growth < 4 * 2 ** 20, `${growth} bytes`);
  assert.equal(await peer.closed(), DisconnectReason.BY_APPLICATION);
});

for (const stage of ["keys exchanged", "handshake done"] as const) {
  test(`A16: new keys before the login are refused, with the ${stage}`, async (t) => {
    const bar = await Bar.open(t);
    const act = (peer: Peer): void => peer.client.sendKexInit();
    const { peer, reason } = await bar.closes(stage, act);
    assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
    assert.equal(peer.came(Msg.KEXINIT), 1);
  });
}

test("A16: keys are not worn out before the login: 8 MiB end the connection", async (t) => {
  const bar = await Bar.open(t);
  await bar.closes("handshake done", (peer) => {
    for (let sent = 0; sent < 9 * 2 ** 20; sent += 32_000) peer.client.send(ignore(32_000));
  });
});

test("A17: there is no finite-field group to make the server work with", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("connected", silent);
  await peer.until("the server's KEXINIT", () => peer.came(Msg.KEXINIT) > 0);
  assert.deepEqual(
    peer.client.serverKexInit.kex.filter((name) => /diffie|group/.test(name)),
    [],
  );
});

test("A17: clients that do nothing but exchange keys leave room for others", async (t) => {
  const bar = await Bar.open(t);
  const flood = { isOver: false, exchanges: 0 };
  const exchange = async (): Promise<void> => {
    for (; !flood.isOver; flood.exchanges++) (await bar.peer("keys exchanged")).socket.destroy();
  };
  const floods = Array.from({ length: 6 }, exchange);
  for (let asked = 0; asked < 10 || flood.exchanges < 30; asked++) await bar.othersAreWell();
  flood.isOver = true;
  await Promise.all(floods);
});

test("A17: a source that exchanges keys and never logs in is kept out after a while", async (t) => {
  const bar = await Bar.open(t, { penalties: { exempt: [] } });
  let exchanges = 0;
  const flood = async (): Promise<void> => {
    for (; exchanges < 200; exchanges++) (await bar.peer("keys exchanged")).socket.destroy();
  };
  await assert.rejects(flood(), /the connection ended/);
});

test("A22: keys are right after rekeys with hashes of other lengths, for the session id stays the first", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in", {
    kex: ["ecdh-sha2-nistp256"],
    // Here the sequence number, too, is under the MAC.
    cipherIn: ["aes256-ctr"],
  });
  const sessionId = Buffer.from(peer.client.sessionId!);
  for (const [at, kex] of ["ecdh-sha2-nistp521", "ecdh-sha2-nistp384", "curve25519-sha256"].entries()) {
    peer.client.sendKexInit({ kex: [kex] });
    peer.flush();
    await peer.until("new keys", () => peer.client.exchanges === at + 2 && peer.client.idle);
    await peer.settled();
  }
  assert.deepEqual(Buffer.from(peer.client.sessionId!), sessionId);
});

const MIB = 2 ** 20;
const PACKET = 32_768;

/** Asks for new keys, one exchange after the other. */
async function rekey(peer: Peer, times: number): Promise<void> {
  const { exchanges } = peer.client;
  for (let time = 1; time <= times; time++) {
    peer.client.sendKexInit();
    peer.flush();
    await peer.until("new keys", () => peer.client.exchanges === exchanges + time && peer.client.idle);
  }
}

/** RFC 4253 §7.1: between its KEXINIT and its NEWKEYS the server says nothing else. */
function assertNothingInside({ client }: Peer): void {
  let isInside = false;
  for (const number of client.numbers) {
    if (isInside) assert.ok(number <= 4 || (number >= 20 && number <= 49), `message ${number} inside of an exchange`);
    if (number === Msg.KEXINIT) isInside = true;
    if (number === Msg.NEWKEYS) isInside = false;
  }
}

test("A75: output is whole and in order over three rekeys in the middle of it, and three while the window is shut", async (t) => {
  const bar = await Bar.open(t);
  const wanted = createHash("sha256");
  for (const bytes of noise(2)) wanted.update(bytes);
  const peer = await bar.peer("logged in", { kex: ["curve25519-sha256"], cipherOut: ["aes256-ctr"] });
  const digest = createHash("sha256");
  let length = 0;
  peer.client.intercept = (payload) => {
    if (payload[0] !== Msg.CHANNEL_DATA) return false;
    const { data } = messages.channelData.decode(payload);
    digest.update(data);
    length += data.length;
    return true;
  };
  const channel = await peer.exec("noise 2", { window: 0 });
  await rekey(peer, 3);
  assert.equal(length, 0);
  for (const [at, adjust] of [
    [0, 300_000],
    [300_000, 500_000],
    [800_000, 2 * MIB - 800_000],
  ] as const) {
    peer.send(windowAdjust(channel, adjust));
    await peer.until("some output", () => length > at);
    await rekey(peer, 1);
  }
  const { status } = messages.exitStatusRequest.decode((await peer.next(messages.channelRequest)).data);
  await peer.next(messages.channelEof);
  await peer.next(messages.channelClose);
  assert.deepEqual([status, length], [0, 2 * MIB]);
  assert.equal(digest.digest("hex"), wanted.digest("hex"));
  assertNothingInside(peer);
});

test("A75: input is whole and in order over rekeys, and EOF and CLOSE keep their places", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in", { kex: ["curve25519-sha256"], cipherIn: ["aes256-ctr"] });
  const channel = await peer.exec("digest");
  const wanted = createHash("sha256");
  let sent = 0;
  for (const bytes of noise(1)) {
    wanted.update(bytes);
    // Half of the window at most is under way, and what is posted inside of an exchange follows behind it.
    if (sent % (256 * 1024) === 0) peer.client.sendKexInit();
    for (let at = 0; at < bytes.length; at += PACKET) {
      peer.client.post(channelData(channel, Buffer.from(bytes.subarray(at, at + PACKET))));
    }
    sent += bytes.length;
    peer.flush();
    await peer.until("new keys", () => peer.client.idle);
  }
  peer.client.sendKexInit();
  peer.client.post(channelEof(channel));
  peer.flush();
  await peer.prints(new RegExp(`^${wanted.digest("hex")}\n$`));
  await peer.next(messages.channelClose);
  assert.equal(peer.client.exchanges, 6);
});
