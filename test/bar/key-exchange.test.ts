/** Security bar, part A1: the first key exchange, and the renewal of keys. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generatePrivateKey } from "../../src/crypto/index.ts";
import { DisconnectReason, messages, Msg, Writer } from "../../src/wire/index.ts";
import { injections, lowOrderPoints, notHybrid, notOnCurve, passwordRequest } from "../client/index.ts";
import type { Client, ClientOptions } from "../client/index.ts";
import { Bar, channelOpen, globalRequest, ignore, PASSWORD, serviceRequest, silent } from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

/** Under these a wrong sequence number shows. */
const counting: ClientOptions = { cipherIn: ["aes256-ctr"], cipherOut: ["aes256-ctr"] };
const STRICT = "kex-strict-c-v00@openssh.com";

/** Says the first key exchange word by word; `interrupt` may say something at each of its places. */
const places = ["before KEXINIT", "before ECDH_INIT", "behind ECDH_INIT", "before NEWKEYS"] as const;
type Place = (typeof places)[number];

async function exchangeKeys(peer: Peer, interrupt: (client: Client, place: Place) => void): Promise<void> {
  const { client } = peer;
  client.sendIdentification();
  interrupt(client, "before KEXINIT");
  client.sendKexInit();
  interrupt(client, "before ECDH_INIT");
  client.sendKexEcdhInit("curve25519-sha256");
  interrupt(client, "behind ECDH_INIT");
  peer.flush();
  await peer.until("NEWKEYS or DISCONNECT", () => peer.came(Msg.NEWKEYS) + peer.came(Msg.DISCONNECT) > 0);
  if (peer.came(Msg.DISCONNECT) > 0) return;
  interrupt(client, "before NEWKEYS");
  client.sendNewKeys();
  client.send(serviceRequest());
  peer.flush();
}

for (const place of places) {
  test(`A9, A10, A11: with strict key exchange, whatever is not expected ${place} ends the connection`, async (t) => {
    const bar = await Bar.open(t);
    for (const [name, payload] of Object.entries(injections)) {
      const act = (peer: Peer): Promise<void> =>
        exchangeKeys(peer, (client, here) => {
          if (here === place) client.send(payload);
        });
      const { peer, reason } = await bar.closes("connected", act, silent);
      assert.equal(reason, DisconnectReason.PROTOCOL_ERROR, name);
      assert.equal(peer.came(Msg.SERVICE_ACCEPT) + peer.came(Msg.PONG), 0, name);
    }
  });
}

test("A9: kex-strict-s-v00 is offered, and the sequence numbers begin anew at every NEWKEYS, both ways", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in", { ...counting, ...silent, automatic: true });
  assert.ok(peer.client.strict);
  for (let exchange = 2; exchange <= 4; exchange++) {
    peer.client.sendKexInit();
    peer.flush();
    await peer.until("new keys", () => peer.client.exchanges === exchange && peer.client.idle);
    assert.equal(peer.client.out.sequence, 0);
    const before = peer.client.out.sequence;
    peer.send(Uint8Array.of(150));
    assert.equal((await peer.next(messages.unimplemented)).sequence, before);
  }
});

test("A9: the counter of a first exchange that is not strict cannot wrap: too many bytes end it long before", async (t) => {
  const bar = await Bar.open(t);
  const act = (peer: Peer): void => {
    peer.client.sendIdentification();
    peer.client.sendKexInit();
    for (let sent = 0; sent < 9 * 2 ** 20; sent += 32_000) peer.client.send(ignore(32_000));
  };
  await bar.closes("connected", act, { ...silent, strict: false });
});

for (const [what, kex] of [
  ["asked for in a rekey only", undefined],
  ["a look-alike that is longer", `${STRICT}x`],
  ["a look-alike that is shorter", STRICT.slice(0, -1)],
  ["the server's own marker", "kex-strict-s-v00@openssh.com"],
] as const) {
  test(`A10: strict key exchange is not what it is with ${what}`, async (t) => {
    const bar = await Bar.open(t);
    const peer = await bar.peer("logged in", {
      ...counting,
      strict: false,
      kex: ["curve25519-sha256", ...(kex === undefined ? [] : [kex])],
    });
    const before = peer.client.out.sequence;
    assert.ok(before > 3, "the first NEWKEYS has reset it");
    peer.client.sendKexInit({ kex: ["curve25519-sha256", kex ?? STRICT] });
    peer.flush();
    await peer.until("new keys", () => peer.client.exchanges === 2 && peer.client.idle);
    peer.send(Uint8Array.of(150));
    assert.equal((await peer.next(messages.unimplemented)).sequence, before + 3);
  });
}

const early: Readonly<Record<string, Uint8Array>> = {
  SERVICE_REQUEST: serviceRequest(),
  USERAUTH_REQUEST: passwordRequest("ada", PASSWORD),
  USERAUTH_SUCCESS: messages.userauthSuccess.encode({}),
  CHANNEL_OPEN: channelOpen(),
  GLOBAL_REQUEST: globalRequest("keepalive@openssh.com"),
};

for (const place of ["before KEXINIT", "before ECDH_INIT", "before NEWKEYS"] as const) {
  test(`A12: in clear, ${place}, nothing but key exchange has an answer, strict or not`, async (t) => {
    const bar = await Bar.open(t);
    for (const strict of [true, false]) {
      for (const [name, payload] of Object.entries(early)) {
        const act = (peer: Peer): Promise<void> =>
          exchangeKeys(peer, (client, here) => {
            if (here === place) client.send(payload);
          });
        const { peer } = await bar.closes("connected", act, { ...silent, strict });
        const answers = peer.client.numbers.filter((number) => number > Msg.KEX_ECDH_REPLY || number === 6);
        assert.deepEqual(answers, [], `${name}, strict ${strict}`);
        assert.deepEqual(bar.seen, []);
      }
    }
  });
}

test("A18: markers are no algorithms", async (t) => {
  const bar = await Bar.open(t);
  const markers = ["ext-info-s", "ext-info-c", "kex-strict-s-v00@openssh.com", STRICT];
  for (const fields of [
    { kex: markers },
    { hostKey: markers },
    { cipherIn: markers },
    { macIn: markers, cipherIn: ["aes128-ctr"] },
  ]) {
    const act = (peer: Peer): void => {
      peer.client.sendIdentification();
      peer.client.sendKexInit(fields);
    };
    assert.equal((await bar.closes("connected", act, silent)).reason, DisconnectReason.KEY_EXCHANGE_FAILED);
  }
});

const FIRST = "mlkem768x25519-sha256";
const guesses: readonly (readonly [
  what: string,
  kex: readonly string[],
  hostKey: readonly string[],
  right: boolean,
])[] = [
  ["right", [FIRST], ["ssh-ed25519"], true],
  ["right, with more behind it", [FIRST, "curve25519-sha256"], ["ssh-ed25519", "rsa-sha2-512"], true],
  ["wrong in the method", ["curve25519-sha256", FIRST], ["ssh-ed25519"], false],
  ["wrong in a method that is not offered", ["sntrup761x25519-sha512", FIRST], ["ssh-ed25519"], false],
  ["wrong in the host key", [FIRST], ["rsa-sha2-512", "ssh-ed25519"], false],
];

for (const [what, kex, hostKey, right] of guesses) {
  for (const strict of [true, false]) {
    test(`A19: a guess that is ${what} leads to a ${strict ? "strict " : ""}handshake`, async (t) => {
      const bar = await Bar.open(t);
      const peer = await bar.peer("connected", { automatic: false, kex, hostKey, strict });
      const { client } = peer;
      client.sendIdentification();
      client.sendKexInit({ firstKexPacketFollows: true });
      if (right) client.sendKexEcdhInit(FIRST);
      else client.send(messages.kexEcdhInit.encode({ clientPublic: Buffer.alloc(65, 4) }));
      peer.flush();
      await peer.until("the server's KEXINIT", () => peer.came(Msg.KEXINIT) > 0);
      if (!right) {
        assert.equal(peer.came(Msg.KEX_ECDH_REPLY), 0);
        client.sendKexEcdhInit();
        peer.flush();
      }
      await peer.until("the server's NEWKEYS", () => peer.came(Msg.NEWKEYS) > 0);
      client.sendNewKeys();
      await peer.handshake();
      assert.equal(await peer.tryPassword("ada", PASSWORD), "success");
    });
  }
}

test("A19: of a wrong guess exactly one packet is dropped", async (t) => {
  const bar = await Bar.open(t);
  const guess = messages.kexEcdhInit.encode({ clientPublic: Buffer.alloc(65, 4) });
  const act = (peer: Peer): void => {
    peer.client.sendIdentification();
    peer.client.sendKexInit({ firstKexPacketFollows: true });
    peer.send(guess, guess);
  };
  const { peer } = await bar.closes("connected", act, silent);
  assert.equal(peer.came(Msg.KEX_ECDH_REPLY), 0);
});

const wrongLengths = [0, 1, 31, 33, 64, 32_000].map((length) => Buffer.alloc(length, 9));
const badValues: Readonly<Record<string, readonly Uint8Array[]>> = {
  "curve25519-sha256": [...lowOrderPoints, ...wrongLengths],
  "curve25519-sha256@libssh.org": lowOrderPoints,
  "ecdh-sha2-nistp256": notOnCurve("prime256v1"),
  "ecdh-sha2-nistp384": notOnCurve("secp384r1"),
  "ecdh-sha2-nistp521": notOnCurve("secp521r1"),
  "mlkem768x25519-sha256": notHybrid(),
};

/** A peer whose first exchange is by this method, and whose ECDH_INIT is this payload, right or not. */
async function assertNoReply(bar: Bar, method: string, payload: Uint8Array, reason: number): Promise<void> {
  const act = (peer: Peer): void => {
    peer.client.sendIdentification();
    peer.client.sendKexInit();
    peer.client.send(payload);
  };
  const closed = await bar.closes("connected", act, { automatic: false, kex: [method] });
  assert.equal(closed.reason, reason);
  assert.equal(closed.peer.came(Msg.KEX_ECDH_REPLY), 0);
}

for (const [method, values] of Object.entries(badValues)) {
  test(`A20: a public value that is none of ${method} has no reply`, async (t) => {
    const bar = await Bar.open(t);
    for (const clientPublic of values) {
      const payload = messages.kexEcdhInit.encode({ clientPublic });
      await assertNoReply(bar, method, payload, DisconnectReason.KEY_EXCHANGE_FAILED);
    }
  });
}

test("A21: an ECDH_INIT that is cut short, or longer than it says, has no reply", async (t) => {
  const bar = await Bar.open(t);
  const point = Buffer.alloc(32, 9);
  const bodies = [
    new Uint8Array(0),
    new Uint8Array(2),
    new Writer().uint32(0xffff_ffff).bytes(point).finish(),
    new Writer().uint32(33).bytes(point).finish(),
    new Writer().string(point).byte(0).finish(),
  ];
  for (const body of bodies) {
    const payload = Buffer.concat([Uint8Array.of(Msg.KEX_ECDH_INIT), body]);
    await assertNoReply(bar, "curve25519-sha256", payload, DisconnectReason.PROTOCOL_ERROR);
  }
});

test("A23: a KEXINIT that is cut short, or has a list longer than itself, ends the connection", async (t) => {
  const bar = await Bar.open(t);
  const good = Buffer.from((await bar.peer("connected", silent)).client.kexInit());
  const withLength = (length: number): Buffer => {
    const changed = Buffer.from(good);
    changed.writeUInt32BE(length, 17);
    return changed;
  };
  const cuts = [1, 10, 17, 19, 21, 30, good.length - 14, good.length - 5, good.length - 1];
  for (const payload of [
    ...cuts.map((length) => good.subarray(0, length)),
    ...[0xffff_ffff, 0x7fff_ffff, good.length].map(withLength),
    Buffer.concat([good, Uint8Array.of(0)]),
  ]) {
    const act = (peer: Peer): void => {
      peer.client.sendIdentification();
      peer.client.send(payload);
    };
    const { peer, reason } = await bar.closes("connected", act, silent);
    assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
    assert.equal(peer.came(Msg.KEX_ECDH_REPLY), 0);
  }
});

test("A23: lists of 1024 names are read, of 1025 or 1500 not, nor a KEXINIT of more than 32 KiB", async (t) => {
  const bar = await Bar.open(t);
  const names = (count: number, length: number): string[] =>
    Array.from({ length: count }, (_, i) => `x${i}`.padEnd(length, "."));
  const longest = { macIn: [...names(1023, 6), "hmac-sha2-256"], languageIn: names(1024, 6) };
  const peer = await bar.peer("connected", { ...silent, ...counting });
  peer.client.sendIdentification();
  peer.client.sendKexInit(longest);
  peer.client.sendKexEcdhInit("curve25519-sha256");
  peer.flush();
  await peer.until("the server's NEWKEYS", () => peer.came(Msg.NEWKEYS) > 0);
  for (const fields of [
    { kex: names(1025, 6) },
    { cipherOut: names(1500, 6) },
    { languageOut: names(1500, 6) },
    { languageIn: names(512, 64) },
    { kex: ["curve25519-sha256", "x".repeat(65)] },
  ]) {
    const act = ({ client }: Peer): void => {
      client.sendIdentification();
      client.sendKexInit(fields);
    };
    assert.equal((await bar.closes("connected", act, silent)).reason, DisconnectReason.PROTOCOL_ERROR);
  }
});

for (const [hostKeys, kex, count] of [
  ["ecdsa", "curve25519-sha256", 300],
  ["ed25519", "ecdh-sha2-nistp256", 200],
] as const) {
  test(`A24: ${count} handshakes by ${kex} with a host key of ${hostKeys} all verify, whatever bits their numbers begin with`, async (t) => {
    const bar = await Bar.open(t, { hostKeys: { key: generatePrivateKey(hostKeys) } });
    for (let done = 0; done < count; done += 10) {
      const peers = await Promise.all(Array.from({ length: 10 }, () => bar.peer("keys exchanged", { kex: [kex] })));
      for (const { socket } of peers) socket.destroy();
    }
  });
}

const pairs = (...texts: readonly string[]): Uint8Array => {
  const to = new Writer(20_000);
  for (const text of texts) to.utf8(text);
  return to.finish();
};
const extInfo = (count: number, extensions: Uint8Array): Uint8Array => messages.extInfo.encode({ count, extensions });

test("A25: an EXT_INFO whose count is false, or above 64, ends the connection", async (t) => {
  const bar = await Bar.open(t);
  const many = Array.from({ length: 65 }, () => ["k", "v"]).flat();
  for (const payload of [
    extInfo(0xffff_ffff, pairs()),
    extInfo(0x7fff_ffff, pairs("a", "b")),
    extInfo(1, Buffer.concat([pairs("x"), Buffer.alloc(4, 0xff)])),
    extInfo(1, pairs("a", "b", "c", "d")),
    extInfo(65, pairs(...many)),
    extInfo(1023, pairs(...Array.from({ length: 1023 }, () => ["k", "v"]).flat())),
    Uint8Array.of(Msg.EXT_INFO),
  ]) {
    const { reason } = await bar.closes("keys exchanged", (peer) => peer.send(payload, serviceRequest()));
    assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
  }
});

test("A25: EXT_INFO may come once, as the first message under the keys, and at no other time", async (t) => {
  const bar = await Bar.open(t);
  const good = extInfo(2, pairs("__proto__", "x", "constructor", "y"));
  const peer = await bar.peer("keys exchanged");
  peer.send(good);
  await peer.handshake();
  await bar.closes("keys exchanged", (peer) => peer.send(good, good));
  await bar.closes("handshake done", (peer) => peer.send(good));
  await bar.closes("handshake done", async (peer) => {
    await peer.tryPassword("ada", "wrong");
    peer.send(good);
  });
});
