import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generatePrivateKey, parsePrivateKey } from "../../../src/crypto/index.ts";
import { agree, Marker, namesOf, offerOf } from "../../../src/transport/algorithms.ts";
import { makeKexInit } from "../../../src/transport/key-exchange.ts";
import { DisconnectReason, messages } from "../../../src/wire/index.ts";

const ed25519 = parsePrivateKey(generatePrivateKey("ed25519"));
const ecdsa = parsePrivateKey(generatePrivateKey("ecdsa"));
const offer = offerOf([ed25519, ecdsa]);

function client(fields: Partial<messages.KexInit> = {}): messages.KexInit {
  return {
    cookie: new Uint8Array(16),
    kex: ["curve25519-sha256"],
    hostKey: ["ssh-ed25519"],
    cipherIn: ["aes128-ctr"],
    cipherOut: ["aes256-ctr"],
    macIn: ["hmac-sha2-256"],
    macOut: ["hmac-sha2-512"],
    compressionIn: ["none"],
    compressionOut: ["none"],
    languageIn: [],
    languageOut: [],
    firstKexPacketFollows: false,
    reserved: 0,
    ...fields,
  };
}

describe("the choice of algorithms", () => {
  test("takes the client's first that we offer, of each list, and of each direction its own", () => {
    const names = namesOf(
      agree(
        client({
          kex: ["diffie-hellman-group14-sha1", "ecdh-sha2-nistp384", "curve25519-sha256"],
          hostKey: ["ssh-dss", "ecdsa-sha2-nistp256", "ssh-ed25519"],
          cipherIn: ["3des-cbc", "aes256-ctr", "aes128-gcm@openssh.com"],
          cipherOut: ["aes192-ctr"],
          macIn: ["hmac-md5", "hmac-sha2-512-etm@openssh.com"],
          macOut: ["hmac-sha2-256"],
        }),
        offer,
      ),
    );
    assert.deepEqual(names, {
      kex: "ecdh-sha2-nistp384",
      hostKey: "ecdsa-sha2-nistp256",
      cipherIn: "aes256-ctr",
      cipherOut: "aes192-ctr",
      macIn: "hmac-sha2-512-etm@openssh.com",
      macOut: "hmac-sha2-256",
    });
  });

  test("does not read the MAC lists beside a cipher that authenticates", () => {
    const names = namesOf(agree(client({ cipherIn: ["aes128-gcm@openssh.com"], macIn: ["hmac-md5"] }), offer));
    assert.equal(names.macIn, "aes128-gcm@openssh.com");
  });

  for (const [list, what] of [
    ["kex", "key exchange"],
    ["hostKey", "host key"],
    ["cipherIn", "cipher"],
    ["cipherOut", "cipher"],
    ["macIn", "MAC"],
    ["macOut", "MAC"],
    ["compressionIn", "compression"],
    ["compressionOut", "compression"],
  ] as const) {
    for (const names of [[], ["none-such"], ["constructor", "__proto__"]]) {
      test(`fails when ${list} is [${names.join(", ")}]`, () => {
        assert.throws(() => agree(client({ [list]: names }), offer), {
          message: `no ${what} algorithm in common with the client`,
          reason: DisconnectReason.KEY_EXCHANGE_FAILED,
        });
      });
    }
  }

  test("never takes a marker for a method", () => {
    const kex = [Marker.STRICT_CLIENT, Marker.EXT_INFO_CLIENT, Marker.STRICT_SERVER, Marker.EXT_INFO_SERVER];
    assert.throws(() => agree(client({ kex }), offer), /no key exchange algorithm in common/);
    assert.equal(agree(client({ kex: [...kex, "curve25519-sha256"] }), offer).kex.name, "curve25519-sha256");
  });

  test("sees a right guess when the first kex and the first host key are ours too", () => {
    const firstKex = offer.kex[0]!.name;
    const guess = (kex: string, hostKey: string): boolean =>
      agree(client({ kex: [kex, "curve25519-sha256"], hostKey: [hostKey, "ssh-ed25519"] }), offer).guessRight;
    assert.equal(guess(firstKex, "ssh-ed25519"), true);
    assert.equal(guess("ecdh-sha2-nistp256", "ssh-ed25519"), false);
    assert.equal(guess(firstKex, "ecdsa-sha2-nistp256"), false);
    assert.equal(guess("sntrup761x25519-sha512", "ssh-ed25519"), false);
  });
});

describe("the offer", () => {
  test("has every algorithm unless names are given, in their order", () => {
    assert.ok(offer.kex.length > 1 && offer.ciphers.length > 1 && offer.macs.length > 1);
    const small = offerOf([ed25519], {
      kex: ["curve25519-sha256"],
      ciphers: ["aes256-ctr", "aes128-ctr"],
      macs: ["hmac-sha2-256"],
    });
    assert.deepEqual(
      small.ciphers.map((row) => row.name),
      ["aes256-ctr", "aes128-ctr"],
    );
    assert.deepEqual([small.kex.length, small.macs.length], [1, 1]);
  });

  test("refuses a name that it does not know, and says which there are", () => {
    assert.throws(
      () => offerOf([ed25519], { ciphers: ["aes128-cbc"] }),
      /unknown cipher algorithm "aes128-cbc"; known: .*aes128-ctr/,
    );
  });

  test("has the first of two keys of one type", () => {
    const other = parsePrivateKey(generatePrivateKey("ed25519"));
    assert.equal(offerOf([other, ed25519]).hostKeys.get("ssh-ed25519"), other);
  });

  test("goes into KEXINIT with both markers the first time, and without them later", () => {
    const kex = (first: boolean): readonly string[] => messages.kexInit.decode(makeKexInit(offer, first, () => {})).kex;
    assert.deepEqual(kex(true).slice(-2), [Marker.EXT_INFO_SERVER, Marker.STRICT_SERVER]);
    assert.deepEqual(
      kex(false),
      offer.kex.map((row) => row.name),
    );
  });

  test("has nothing of what must not be used", () => {
    const { kex, hostKey, cipherIn, macIn, compressionIn } = messages.kexInit.decode(
      makeKexInit(offer, true, () => {}),
    );
    assert.doesNotMatch(
      [...kex, ...hostKey, ...cipherIn, ...macIn].join(),
      /sha1|group|md5|cbc|dss|ssh-rsa|chacha|arcfour/,
    );
    assert.deepEqual(compressionIn, ["none"]);
  });

  test("has a fresh cookie each time", () => {
    let fill = 1;
    const random = (bytes: Uint8Array): void => void bytes.fill(fill++);
    const cookies = [0, 1].map(() => messages.kexInit.decode(makeKexInit(offer, true, random)).cookie[0]);
    assert.deepEqual(cookies, [1, 2]);
  });
});
