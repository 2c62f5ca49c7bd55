/** Security bar, part C: keys and their renewal (RFC 4253 §7 and §9, RFC 4344, strict key exchange). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generatePrivateKey, parsePrivateKey } from "../../src/crypto/index.ts";
import { DisconnectReason, messages, Msg, Reader, Writer } from "../../src/wire/index.ts";
import { verifyHostKey } from "../client/index.ts";
import { Bar, channelData, channelEof, globalRequest, ignore, PASSWORD, ping, silent } from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

const MIB = 2 ** 20;
const STRICT_CLIENT = "kex-strict-c-v00@openssh.com";
/** Where the sequence numbers are under the MAC. */
const ctr = {
  cipherIn: ["aes256-ctr"],
  cipherOut: ["aes256-ctr"],
  macIn: ["hmac-sha2-256"],
  macOut: ["hmac-sha2-256"],
};

/** A renewal of keys that the client asks for. */
async function renew(peer: Peer, fields: Partial<messages.KexInit> = {}): Promise<Peer> {
  const { exchanges } = peer.client;
  peer.client.sendKexInit(fields);
  await peer.flush().until("new keys", () => peer.client.exchanges > exchanges && peer.client.idle);
  return peer;
}

/** So many bytes under the keys, of which nothing follows. */
function wear(peer: Peer, bytes: number): void {
  for (let sent = 0; sent < bytes; sent += 32_000) peer.client.send(ignore(32_000));
}

test("C23: the session id stays the hash of the first exchange, whatever keys follow", async (t) => {
  const [used, other] = [generatePrivateKey("ed25519"), generatePrivateKey("ecdsa", { bits: 256 })];
  const bar = await Bar.open(t, { hostKeys: [used, other] });
  const peer = await bar.peer("logged in", { kex: ["curve25519-sha256"] });
  for (const kex of ["ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "mlkem768x25519-sha256"]) {
    await (await renew(peer, { kex: [kex] })).settled();
  }
  // OpenSSH PROTOCOL 2.5: a proof is bound to the session by its id.
  const { blob } = parsePrivateKey(other).publicKey;
  peer.send(globalRequest("hostkeys-prove-00@openssh.com", new Writer().string(blob).finish()));
  const proof = new Reader((await peer.next(messages.requestSuccess)).data).string();
  const proved = new Writer().utf8("hostkeys-prove-00@openssh.com").string(peer.client.sessionId!).string(blob);
  assert.ok(verifyHostKey(blob, "ecdsa-sha2-nistp256", proof, proved.finish()));
});

test("C24: new keys are used right behind each side's own NEWKEYS", async (t) => {
  const bar = await Bar.open(t);
  for (const options of [{}, ctr, { strict: false }]) {
    const peer = await bar.peer("handshake done", { ...options, kex: ["curve25519-sha256"] });
    assert.equal(await peer.tryPassword("eve", PASSWORD), "success");
    const channel = await peer.exec("cat");
    const { client } = peer;
    client.automatic = false;
    client.sendKexInit();
    client.sendKexEcdhInit("curve25519-sha256");
    await peer.flush().until("the server's NEWKEYS", () => peer.came(Msg.NEWKEYS) === 2);
    // Ours go on with the keys of before, when theirs have changed already.
    bar.server.sendTo("eve", "under new keys");
    await peer.prints(/^under new keys\n$/);
    peer.send(ignore(100));
    client.sendNewKeys();
    peer.send(channelData(channel, "so are these"));
    await peer.prints(/^so are these$/);
    peer.send(channelEof(channel));
    await peer.next(messages.channelClose);
  }
});

test("C25: keys may be renewed at any time after the login, and only the exchange is between our KEXINIT and NEWKEYS", async (t) => {
  const bar = await Bar.open(t, { limits: { rekeyLimit: { bytes: MIB } } });
  for (const options of [{}, ctr]) {
    const peer = await bar.peer("logged in", options);
    await renew(peer);
    await peer.exec("down 8");
    for (let renewals = 1; renewals <= 3; renewals++) {
      await peer.until("output", () => peer.came(Msg.CHANNEL_DATA) > renewals * 20);
      if (peer.client.idle) await renew(peer);
      peer.client.post(ping());
      peer.flush();
    }
    await peer.next(messages.channelClose);
    assert.equal(peer.output().length, 8 * MIB);
    await peer.until("the answers to the pings", () => peer.came(Msg.PONG) === 3);
    let isExchanging = false;
    for (const number of peer.client.numbers) {
      if (number === Msg.KEXINIT) isExchanging = true;
      assert.ok(!isExchanging || number <= 4 || (number >= 20 && number <= 49), `message ${number}`);
      if (number === Msg.NEWKEYS) isExchanging = false;
    }
    assert.ok(peer.client.exchanges >= 4, `${peer.client.exchanges} exchanges`);
  }
});

test("C26: KEXINITs that cross are one exchange, and a second one inside of it ends the connection", async (t) => {
  const bar = await Bar.open(t, { limits: { rekeyLimit: { bytes: MIB } } });
  const peer = await bar.peer("logged in");
  wear(peer, MIB);
  // The server sends its own on the way to ours.
  await (await renew(peer)).settled();
  assert.deepEqual([peer.came(Msg.KEXINIT), peer.client.exchanges], [2, 2]);

  const twice = ({ client }: Peer): void => {
    client.automatic = false;
    client.sendKexInit();
    client.sendKexInit();
  };
  const late = await bar.closes("logged in", twice);
  assert.deepEqual([late.reason, late.peer.came(Msg.KEXINIT)], [DisconnectReason.PROTOCOL_ERROR, 2]);
  const first = (peer: Peer): void => {
    peer.client.sendIdentification();
    twice(peer);
  };
  const early = await bar.closes("connected", first, { ...silent, strict: false });
  assert.deepEqual([early.reason, early.peer.came(Msg.KEXINIT)], [DisconnectReason.PROTOCOL_ERROR, 1]);
});

test("C27: strict key exchange is agreed on in the first KEXINIT alone, and holds for every NEWKEYS", async (t) => {
  const bar = await Bar.open(t, { limits: { rekeyLimit: { bytes: MIB } } });
  for (const strict of [true, false]) {
    const peer = await bar.peer("logged in", { ...ctr, strict });
    const markers: string[][] = [];
    peer.client.intercept = (payload) => {
      if (payload[0] === Msg.KEXINIT)
        markers.push(messages.kexInit.decode(payload).kex.filter((name) => /strict|ext-info/.test(name)));
      return false;
    };
    // The second time the client asks for it, which is too late; the client's own counters go on as they did.
    await (await renew(peer)).settled();
    await (await renew(peer, { kex: ["curve25519-sha256", STRICT_CLIENT] })).settled();
    wear(peer, MIB);
    await peer.flush().until("keys that the server asked for", () => peer.client.exchanges === 4);
    await peer.settled();
    assert.deepEqual(markers, [[], [], []]);
    const { sequence } = peer.client.out;
    assert.equal(sequence < 10, strict, `sequence number ${sequence}`);
  }
});
