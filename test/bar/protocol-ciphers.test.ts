/** Security bar, part C: ciphers and MACs (RFC 4344, RFC 5647, OpenSSH PROTOCOL 1.6 and 1.7), and EXT_INFO (RFC 8308). */
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { cipherAlgorithms, macAlgorithms, signatureAlgorithms } from "../../src/crypto/index.ts";
import { DisconnectReason, messages, Msg, Reader, Writer } from "../../src/wire/index.ts";
import { clientKey, keyRequest } from "../client/index.ts";
import type { ClientKey, ClientOptions } from "../client/index.ts";
import { Bar, ignore, PASSWORD, ping, serviceRequest, USER_KEY } from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

const GCM = [...cipherAlgorithms.values()].filter(({ aead }) => aead).map(({ name }) => name);
const CTR = [...cipherAlgorithms.values()].filter(({ aead }) => !aead).map(({ name }) => name);
const ETM = [...macAlgorithms.values()].filter(({ etm }) => etm).map(({ name }) => name);

const both = (cipher: string, mac = "none"): ClientOptions => ({
  cipherIn: [cipher],
  cipherOut: [cipher],
  macIn: [mac],
  macOut: [mac],
});

/** Sends a packet that something is done to on its way, and enough behind it for whatever length it then has. */
function changed(change: (packet: Uint8Array) => void): (peer: Peer) => void {
  return (peer) => {
    peer.client.send(ignore(100));
    const packet = peer.client.pull();
    change(packet);
    peer.raw(packet).raw(Buffer.alloc(200));
  };
}

/** What EXT_INFO says, by name. */
async function extensions(peer: Peer): Promise<ReadonlyMap<string, string>> {
  const { count, extensions } = await peer.next(messages.extInfo);
  const from = new Reader(extensions);
  const pairs = Array.from({ length: count }, () => [from.name(), from.text()] as const);
  from.end();
  return new Map(pairs);
}

for (const cipher of GCM) {
  test(`C29: ${cipher} counts its nonces by packets and not by sequence numbers, and its tag covers the length`, async (t) => {
    const bar = await Bar.open(t);
    for (const strict of [true, false]) {
      const peer = await bar.peer("logged in", { ...both(cipher), strict });
      for (let packets = 0; packets < 300; packets += 20) {
        peer.send(...Array.from({ length: 20 }, () => ping("x")));
        await peer.settled();
      }
      // Without strict key exchange the sequence numbers go on, and the nonces begin anew.
      peer.client.sendKexInit();
      await peer.flush().until("new keys", () => peer.client.exchanges === 2 && peer.client.idle);
      await peer.settled();
    }
    for (const length of [-16, 16]) {
      const act = changed((packet) => void (packet[3]! += length));
      assert.equal((await bar.closes("keys exchanged", act, both(cipher))).reason, DisconnectReason.MAC_ERROR);
    }
  });
}

test("C31: encrypt-then-MAC covers the sequence number, the clear length and the ciphertext, and is checked before all else", async (t) => {
  const bar = await Bar.open(t);
  for (const cipher of CTR) {
    for (const mac of ETM) {
      const options = both(cipher, mac);
      await (await bar.peer("logged in", { ...options, strict: false })).settled();
      for (const act of [
        changed((packet) => void (packet[3]! -= 16)),
        changed((packet) => void (packet[4]! ^= 1)),
        changed((packet) => void (packet[30]! ^= 1)),
        changed((packet) => void (packet[packet.length - 1]! ^= 1)),
        ({ client }: Peer): void => {
          client.out.sequence++;
          client.send(ignore(100));
        },
      ]) {
        assert.equal((await bar.closes("keys exchanged", act, options)).reason, DisconnectReason.MAC_ERROR);
      }
    }
  }
});

test("C32: tags are compared in constant time, and a wrong one is answered alike wherever it is wrong", async (t) => {
  const bar = await Bar.open(t);
  const words = new Set<string>();
  for (const options of [both(GCM[0]!), both(CTR[0]!, ETM[0]), both(CTR[0]!, "hmac-sha2-256")]) {
    for (const at of [1, 2, 8, 15, 16]) {
      const act = (peer: Peer): void => {
        peer.client.send(ignore(100));
        const packet = peer.client.pull();
        packet[packet.length - at]! ^= 1;
        peer.raw(packet);
      };
      words.add(JSON.stringify((await bar.closes("keys exchanged", act, options)).peer.farewell));
    }
  }
  assert.equal(words.size, 1, [...words].join());

  // How long it takes cannot be seen from here. GCM's tag is OpenSSL's to compare; every other code goes this way.
  const sources = globSync("src/crypto/cipher/*.ts").map((path) => readFileSync(path, "utf8"));
  const openers = sources.filter((source) => source.includes("integrityFailure()"));
  assert.equal(sources.join("").match(/!timingSafeEqual\(/g)?.length, 2, "the two forms with a MAC");
  for (const source of openers) assert.doesNotMatch(source, /\.equals\(|\.compare\(/);
});

test("C33: EXT_INFO is the first packet behind the first NEWKEYS, if the client asked for it", async (t) => {
  const bar = await Bar.open(t);
  for (const extInfo of [true, false]) {
    for (const strict of [true, false]) {
      const peer = await bar.peer("logged in", { extInfo, strict });
      peer.client.sendKexInit();
      await peer.flush().until("new keys", () => peer.client.exchanges === 2 && peer.client.idle);
      await peer.settled();
      const { numbers } = peer.client;
      assert.equal(peer.came(Msg.EXT_INFO), extInfo ? 1 : 0);
      if (extInfo) assert.equal(numbers.indexOf(Msg.EXT_INFO), numbers.indexOf(Msg.NEWKEYS) + 1);
    }
  }
});

test("C34: server-sig-algs lists exactly what publickey takes, and no ssh-rsa", async (t) => {
  const bar = await Bar.open(t, { judge: () => true, logIn: (peer) => peer.tryPassword("ada", PASSWORD) });
  const algorithms = (await extensions(await bar.peer("keys exchanged"))).get("server-sig-algs")!.split(",");
  for (const algorithm of algorithms) {
    const peer = await bar.peer("handshake done");
    assert.equal(await peer.tryKey("ada", clientKey(algorithm)), "success", algorithm);
  }
  assert.deepEqual(algorithms, [...signatureAlgorithms]);
  const { blob } = clientKey("ssh-ed25519");
  for (const algorithm of [
    "ssh-rsa",
    "ssh-dss",
    "rsa-sha2-384",
    "ssh-rsa-cert-v01@openssh.com",
    "webauthn-sk-ecdsa-sha2-nistp256@openssh.com",
    "SSH-ED25519",
    "constructor",
  ]) {
    assert.ok(!algorithms.includes(algorithm));
    const peer = await bar.peer("handshake done");
    assert.equal(await peer.attempt(keyRequest({ algorithm, blob, sign: () => blob })), "failure", algorithm);
  }
});

test("C35: an ssh-rsa key signs by rsa-sha2-256 or rsa-sha2-512, and never by ssh-rsa", async (t) => {
  const bar = await Bar.open(t, { judge: () => true, logIn: (peer) => peer.tryPassword("ada", PASSWORD) });
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { e, n } = privateKey.export({ format: "jwk" });
  const mpints = [e, n].map((number) => Buffer.from(number!, "base64url"));
  const blob = new Writer().utf8("ssh-rsa").mpint(mpints[0]!).mpint(mpints[1]!).finish();
  const hashes = { "ssh-rsa": "sha1", "rsa-sha2-256": "sha256", "rsa-sha2-512": "sha512" } as const;
  for (const requested of Object.keys(hashes)) {
    for (const [named, hash] of Object.entries(hashes)) {
      const key: ClientKey = {
        algorithm: requested,
        blob,
        sign: (data) =>
          new Writer()
            .utf8(named)
            .string(sign(hash, data, privateKey))
            .finish(),
      };
      const isRight = requested === named && named !== "ssh-rsa";
      const peer = await bar.peer("handshake done");
      assert.equal(await peer.tryKey("ada", key), isRight ? "success" : "failure", `${requested} by ${named}`);
    }
  }
});

test("C36: a client's EXT_INFO is taken as the first message under its first keys, and at no other time", async (t) => {
  const bar = await Bar.open(t);
  const empty = messages.extInfo.encode({ count: 0, extensions: new Uint8Array(0) });
  const peer = await bar.peer("keys exchanged");
  peer.send(empty, serviceRequest());
  await peer.next(messages.serviceAccept);
  for (const stage of ["connected", "handshake done"] as const) {
    await bar.closes(stage, (peer) => peer.send(empty), stage === "connected" ? { strict: false } : {});
  }
  await bar.closes("keys exchanged", (peer) => peer.send(ignore(), empty));
  const late = await bar.peer("logged in");
  late.client.sendKexInit();
  await late.flush().until("new keys", () => late.client.exchanges === 2 && late.client.idle);
  await late.send(empty).next(messages.unimplemented);
});

test("C37: ping@openssh.com and publickey-hostbound@openssh.com say 0, and both are there", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("keys exchanged");
  const said = await extensions(peer);
  assert.equal(said.get("ping@openssh.com"), "0");
  assert.equal(said.get("publickey-hostbound@openssh.com"), "0");
  await peer.handshake();
  const hostKey = bar.server.hostKeys[0]!.blob;
  const method = "publickey-hostbound-v00@openssh.com";
  assert.equal(await peer.attempt(keyRequest(USER_KEY, peer.client.sessionId, { method, hostKey })), "success");
  await peer.send(ping("here")).next(messages.pong);
});
