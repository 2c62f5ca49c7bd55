/** Security bar, part C: the key exchange (RFC 4253 §7 and §8, RFC 5656, RFC 8731, RFC 9142, the ML-KEM hybrid). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generatePrivateKey, kexAlgorithms } from "../../src/crypto/index.ts";
import { DisconnectReason, messages, Msg } from "../../src/wire/index.ts";
import { clientKexes, lowOrderPoints, notHybrid } from "../client/index.ts";
import { Bar, silent } from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

const hostKeys = [
  generatePrivateKey("ed25519"),
  generatePrivateKey("ecdsa", { bits: 256 }),
  generatePrivateKey("rsa", { bits: 2048 }),
];
const HOST_KEY_ALGORITHMS = ["ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256"];
const ENCAPSULATION_KEY = 1184;
const CIPHERTEXT = 1088;

/** Waits for the server's KEXINIT, and answers it with one that has these fields. */
async function begin(peer: Peer, fields: Partial<messages.KexInit> = {}): Promise<Peer> {
  await peer.until("the server's KEXINIT", () => peer.came(Msg.KEXINIT) === 1);
  peer.client.sendIdentification();
  peer.client.sendKexInit(fields);
  return peer.flush();
}

/** Sends a public value, whatever it is. */
function offer(peer: Peer, clientPublic: Uint8Array): Peer {
  return peer.send(messages.kexEcdhInit.encode({ clientPublic }));
}

/** What the server says that a connection is protected by. */
function agreed(bar: Bar): Readonly<Record<string, string>> {
  return [...bar.server.connections].at(-1)!.algorithms!;
}

test("C11: of each list the client's first choice is taken that we offer", async (t) => {
  const bar = await Bar.open(t, { hostKeys });
  await bar.peer("handshake done", {
    kex: ["none@example.com", "ecdh-sha2-nistp256", "curve25519-sha256"],
    hostKey: ["ssh-rsa", "rsa-sha2-256", "ssh-ed25519"],
    cipherIn: ["3des-cbc", "aes256-ctr", "aes128-gcm@openssh.com"],
    cipherOut: ["aes192-ctr", "aes128-ctr"],
    macIn: ["hmac-sha1", "hmac-sha2-512", "hmac-sha2-256"],
    macOut: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-256"],
  });
  assert.deepEqual(agreed(bar), {
    kex: "ecdh-sha2-nistp256",
    hostKey: "rsa-sha2-256",
    cipherIn: "aes256-ctr",
    cipherOut: "aes192-ctr",
    macIn: "hmac-sha2-512",
    macOut: "hmac-sha2-256-etm@openssh.com",
  });
});

test("C12: the host key signs for every key exchange, by the algorithm that was agreed on", async (t) => {
  const bar = await Bar.open(t, { hostKeys });
  // The client verifies each signature over a hash of its own making.
  for (const kex of kexAlgorithms.keys()) {
    for (const hostKey of HOST_KEY_ALGORITHMS) {
      await bar.peer("handshake done", { kex: [kex], hostKey: [hostKey] });
      assert.deepEqual([agreed(bar)["kex"], agreed(bar)["hostKey"]], [kex, hostKey]);
    }
  }
  // Names that no key exchange here can make a signature by.
  const act = (peer: Peer): Promise<Peer> => begin(peer, { hostKey: ["null", "ssh-rsa", "ssh-dss"] });
  assert.equal((await bar.closes("connected", act, silent)).reason, DisconnectReason.KEY_EXCHANGE_FAILED);
});

test("C13: the lists of MACs are not read for a cipher that authenticates by itself", async (t) => {
  const bar = await Bar.open(t);
  const none = { macIn: ["none@example.com"], macOut: [] };
  await bar.peer("handshake done", {
    ...none,
    cipherIn: ["aes128-gcm@openssh.com"],
    cipherOut: ["aes256-gcm@openssh.com"],
  });
  for (const way of ["cipherIn", "cipherOut"]) {
    const act = (peer: Peer): Promise<Peer> => begin(peer, { ...none, [way]: ["aes128-ctr"] });
    assert.equal((await bar.closes("connected", act, silent)).reason, DisconnectReason.KEY_EXCHANGE_FAILED);
  }
});

test("C14: the two directions may be protected differently", async (t) => {
  const bar = await Bar.open(t);
  const gcm = "aes256-gcm@openssh.com";
  for (const options of [
    { cipherIn: [gcm], cipherOut: ["aes128-ctr"], macOut: ["hmac-sha2-512"] },
    { cipherIn: ["aes128-ctr"], cipherOut: [gcm], macIn: ["hmac-sha2-512-etm@openssh.com"] },
    { cipherIn: ["aes192-ctr"], cipherOut: ["aes256-ctr"], macIn: ["hmac-sha2-256"], macOut: ["hmac-sha2-512"] },
  ]) {
    await (await bar.peer("logged in", options)).settled();
  }
});

test("C15: a packet that follows the KEXINIT is used if both first choices are right, and else dropped", async (t) => {
  const bar = await Bar.open(t, { hostKeys });
  const first = { kex: [...kexAlgorithms.keys()], hostKey: HOST_KEY_ALGORITHMS };
  for (const [right, fields] of [
    [true, first],
    [false, { ...first, kex: ["curve25519-sha256"] }],
    [false, { ...first, hostKey: ["rsa-sha2-256", "ssh-ed25519"] }],
    [false, { kex: ["none@example.com", "curve25519-sha256"], hostKey: ["ssh-ed25519"] }],
  ] as const) {
    const peer = await bar.peer("connected", silent);
    await begin(peer, { ...fields, firstKexPacketFollows: true });
    if (!right) offer(peer, Buffer.from("a wrong guess"));
    peer.client.sendKexEcdhInit();
    peer.client.automatic = true;
    await peer.flush().handshake();
  }
});

test("C16: a list with nothing in common ends the key exchange", async (t) => {
  const bar = await Bar.open(t);
  const lists = ["kex", "hostKey", "cipherIn", "cipherOut", "macIn", "macOut", "compressionIn", "compressionOut"];
  const ctr = { cipherIn: ["aes128-ctr"], cipherOut: ["aes128-ctr"] };
  for (const list of lists) {
    for (const names of [[], ["none@example.com"]]) {
      const act = (peer: Peer): Promise<Peer> => begin(peer, { ...ctr, [list]: names });
      assert.equal((await bar.closes("connected", act, silent)).reason, DisconnectReason.KEY_EXCHANGE_FAILED, list);
    }
  }
});

test("C17: the exchange hash covers both identifications without their ends, and both KEXINITs as they were sent", async (t) => {
  const bar = await Bar.open(t);
  for (const identification of ["SSH-2.0-x", "SSH-2.0-x ", "SSH-2.0-Odd_1.0-with-dashes and  a comment ~"]) {
    for (const end of ["\r\n", "\n"]) {
      const peer = await bar.peer("connected", { ...silent, identification });
      await peer.until("the server's KEXINIT", () => peer.came(Msg.KEXINIT) === 1);
      peer.raw(identification + end);
      peer.client.sendKexInit({
        cookie: Buffer.from("sixteen bytes ok"),
        languageIn: ["de", "x"],
        languageOut: ["tlh"],
        reserved: 0xdeadbeef,
      });
      peer.client.sendKexEcdhInit();
      peer.client.automatic = true;
      await peer.flush().handshake();
    }
  }
});

// How K goes into the hash is the client's own doing there; a mistake on either side shows in the signature.
for (const kex of clientKexes.keys()) {
  test(`C18: K is encoded as ${kex} has it, whatever it begins with`, async (t) => {
    const bar = await Bar.open(t);
    for (let i = 0; i < 10; i++) (await bar.peer("handshake done", { kex: [kex] })).socket.destroy();
  });
}

test("C19: a value that leads to an X25519 secret of zeros has no reply", async (t) => {
  const bar = await Bar.open(t);
  for (const kex of ["curve25519-sha256", "curve25519-sha256@libssh.org"]) {
    for (const point of lowOrderPoints) {
      const act = async (peer: Peer): Promise<Peer> => offer(await begin(peer, { kex: [kex] }), point);
      const { peer, reason } = await bar.closes("connected", act, silent);
      assert.deepEqual([reason, peer.came(Msg.KEX_ECDH_REPLY)], [DisconnectReason.KEY_EXCHANGE_FAILED, 0]);
    }
  }
});

test("C20: mlkem768x25519-sha256 takes 1184 + 32 bytes, gives 1088 + 32, and checks the encapsulation key", async (t) => {
  const bar = await Bar.open(t);
  const kex = ["mlkem768x25519-sha256"];
  for (const value of notHybrid()) {
    const act = async (peer: Peer): Promise<Peer> => offer(await begin(peer, { kex }), value);
    const { peer, reason } = await bar.closes("connected", act, silent);
    assert.deepEqual([reason, peer.came(Msg.KEX_ECDH_REPLY)], [DisconnectReason.KEY_EXCHANGE_FAILED, 0]);
  }
  const sizes: number[] = [];
  const peer = await bar.peer("connected", {
    kex,
    makeKex: (name) => {
      const kex = clientKexes.get(name)!();
      sizes.push(kex.publicValue.length);
      return {
        ...kex,
        secret(serverPublic) {
          sizes.push(serverPublic.length);
          return kex.secret(serverPublic);
        },
      };
    },
  });
  await peer.handshake();
  assert.deepEqual(sizes, [ENCAPSULATION_KEY + 32, CIPHERTEXT + 32]);
});

test("C21: every exchange has a cookie and a key pair of its own, renewals too", async (t) => {
  const bar = await Bar.open(t);
  const cookies: string[] = [];
  const values: string[] = [];
  const keep = (peer: Peer): Peer => {
    peer.client.intercept = (payload) => {
      if (payload[0] === Msg.KEXINIT)
        cookies.push(Buffer.from(messages.kexInit.decode(payload).cookie).toString("hex"));
      if (payload[0] === Msg.KEX_ECDH_REPLY) {
        values.push(Buffer.from(messages.kexEcdhReply.decode(payload).serverPublic).toString("hex"));
      }
      return false;
    };
    return peer;
  };
  const makeKex = clientKexes.get("curve25519-sha256")!();
  for (let i = 0; i < 5; i++) {
    const peer = await bar.peer("connected", { ...silent, makeKex: () => makeKex });
    peer.client.automatic = true;
    peer.client.sendIdentification();
    await keep(peer).flush().handshake();
    assert.equal(await peer.tryPassword("ada", "right"), "success");
    for (let renewals = 0; renewals < 2; renewals++) {
      const { exchanges } = peer.client;
      peer.client.sendKexInit();
      await peer.flush().until("new keys", () => peer.client.exchanges > exchanges && peer.client.idle);
    }
  }
  assert.deepEqual([cookies.length, values.length], [15, 15]);
  assert.deepEqual([new Set(cookies).size, new Set(values).size], [15, 15]);
});

test("C22: mlkem768x25519-sha256 and curve25519-sha256 are offered in this order, SHA-1 and finite fields not at all", async (t) => {
  const bar = await Bar.open(t, { hostKeys });
  const peer = await bar.peer("connected", silent);
  await peer.until("the server's KEXINIT", () => peer.came(Msg.KEXINIT) === 1);
  const { kex, hostKey, cipherIn, cipherOut, macIn, macOut } = peer.client.serverKexInit;
  assert.deepEqual(kex.slice(0, 3), ["mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org"]);
  const offered = [...kex, ...hostKey, ...cipherIn, ...cipherOut, ...macIn, ...macOut];
  assert.deepEqual(
    offered.filter((name) => /sha1|diffie-hellman|ssh-rsa|ssh-dss|cbc|arcfour|3des|md5|^none/.test(name)),
    [],
  );
});
