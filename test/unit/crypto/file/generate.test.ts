import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { generatePrivateKey, parsePrivateKey, parsePublicKey } from "../../../../src/crypto/index.ts";
import type { GeneratedKeyType } from "../../../../src/crypto/index.ts";
import { bcrypt, PASSPHRASE, quick } from "./bcrypt.ts";

const installed = spawnSync("ssh-keygen", ["-?"]).error === undefined;
const options = { skip: installed ? false : "ssh-keygen is not installed" };
const folder = mkdtempSync(join(tmpdir(), "sallyport-keys-"));
after(() => rmSync(folder, { recursive: true }));

const keygen = (...args: readonly string[]): string => execFileSync("ssh-keygen", args, { encoding: "utf8" }).trim();

const kinds: readonly (readonly [GeneratedKeyType, number | undefined, string])[] = [
  ["ed25519", undefined, "ssh-ed25519"],
  ["ecdsa", undefined, "ecdsa-sha2-nistp256"],
  ["ecdsa", 384, "ecdsa-sha2-nistp384"],
  ["ecdsa", 521, "ecdsa-sha2-nistp521"],
  ["rsa", 2048, "ssh-rsa"],
  ["rsa", undefined, "ssh-rsa"],
];

for (const [type, bits, name] of kinds) {
  const make = (): string => generatePrivateKey(type, { ...(bits === undefined ? {} : { bits }), comment: "me@here" });
  const what = `${type} ${bits ?? "of the default size"}`;

  test(`a new key, ${what}, reads back and signs`, () => {
    const key = parsePrivateKey(make());
    assert.equal(key.type, name);
    if (type === "rsa") assert.equal(key.publicKey.bits, bits ?? 3072);
    const data = Buffer.from("data");
    for (const algorithm of key.algorithms) {
      assert.equal(key.publicKey.verify(algorithm, key.sign(algorithm, data), data), true);
    }
  });

  test(`a new key, ${what}, is read by ssh-keygen, with public half, fingerprint, size and comment`, options, () => {
    const text = make();
    const file = join(folder, `new-${type}-${bits}`);
    writeFileSync(file, text, { mode: 0o600 });
    const key = parsePrivateKey(text);
    assert.equal(keygen("-y", "-P", "", "-f", file), `${key.publicKey.toString()} me@here`);
    assert.equal(
      keygen("-l", "-f", file).split(" ").slice(0, 3).join(" "),
      `${key.publicKey.bits} ${key.publicKey.fingerprint} me@here`,
    );
  });
}

for (const [type, bits, name] of kinds) {
  for (const format of [undefined, "PEM", "PKCS8"]) {
    if (type === "ed25519" && format !== undefined) continue;
    test(`a key by ssh-keygen, ${type} ${bits ?? ""} in ${format ?? "its own"} format, is read`, options, () => {
      const file = join(folder, `theirs-${type}-${bits}-${format}`);
      const size = bits === undefined ? [] : ["-b", String(bits)];
      keygen(
        "-q",
        "-N",
        "",
        "-C",
        "x",
        "-t",
        type,
        ...size,
        ...(format === undefined ? [] : ["-m", format]),
        "-f",
        file,
      );
      const key = parsePrivateKey(readFileSync(file));
      assert.equal(key.type, name);
      assert.ok(key.publicKey.equals(parsePublicKey(readFileSync(`${file}.pub`, "utf8"))));
      assert.ok(keygen("-l", "-f", file).startsWith(`${key.publicKey.bits} ${key.publicKey.fingerprint} `));
    });
  }
}

for (const [type, bits] of kinds.slice(0, 5)) {
  test(`a new key with a passphrase, ${type} ${bits ?? ""}, is opened by ssh-keygen with it alone`, options, () => {
    const size = bits === undefined ? {} : { bits };
    const text = generatePrivateKey(type, { ...size, comment: "me@here", passphrase: PASSPHRASE, bcrypt, rounds: 2 });
    const file = join(folder, `locked-${type}-${bits}`);
    writeFileSync(file, text, { mode: 0o600 });
    const { publicKey } = parsePrivateKey(text, { passphrase: PASSPHRASE, bcrypt });
    assert.equal(keygen("-y", "-P", PASSPHRASE, "-f", file), `${publicKey.toString()} me@here`);
    assert.notEqual(spawnSync("ssh-keygen", ["-y", "-P", "wrong", "-f", file]).status, 0);
    assert.throws(() => parsePrivateKey(text), { code: "KEY_ENCRYPTED" });
  });
}

test("a new key with a passphrase has 24 rounds, or as many as are asked for", () => {
  const asked: number[] = [];
  const spy: typeof quick = (passphrase, salt, rounds, length) => {
    asked.push(rounds);
    return quick(passphrase, salt, rounds, length);
  };
  for (const given of [{}, { rounds: 1 }, { rounds: 2048 }]) {
    const text = generatePrivateKey("ed25519", { passphrase: PASSPHRASE, bcrypt: spy, ...given });
    parsePrivateKey(text, { passphrase: PASSPHRASE, bcrypt: spy });
  }
  assert.deepEqual(asked, [24, 24, 1, 1, 2048, 2048]);
  for (const rounds of [0, -1, 2049, 1.5, Number.NaN]) {
    assert.throws(() => generatePrivateKey("ed25519", { passphrase: "x", bcrypt: quick, rounds }), RangeError);
  }
});

test("the same key locked twice gives two files: the salt is new each time", () => {
  const make = (): string => generatePrivateKey("ed25519", { passphrase: PASSPHRASE, bcrypt: quick });
  const salts = Array.from({ length: 20 }, () =>
    Buffer.from(make().split("\n")[1]!, "base64").toString("hex").slice(86),
  );
  assert.equal(new Set(salts).size, 20);
});

test("a passphrase without the derivation is refused: the key is never written open", () => {
  assert.throws(() => generatePrivateKey("ed25519", { passphrase: PASSPHRASE }), { code: "KEY_BCRYPT_MISSING" });
  assert.throws(() => generatePrivateKey("ed25519", { passphrase: "x".repeat(1025), bcrypt }), {
    code: "KEY_PASSPHRASE",
  });
});

test("a comment of any length keeps a locked file readable: all sixteen lengths of padding come up", () => {
  const lock = { passphrase: PASSPHRASE, bcrypt: quick };
  for (let length = 0; length < 16; length++) {
    const text = generatePrivateKey("ed25519", { comment: "c".repeat(length), ...lock });
    assert.equal(parsePrivateKey(text, lock).type, "ssh-ed25519");
  }
});

test("every new key is another", () => {
  const keys = Array.from({ length: 20 }, () => parsePrivateKey(generatePrivateKey("ed25519")).publicKey.fingerprint);
  assert.equal(new Set(keys).size, 20);
});

test("a comment of any length keeps the file readable: all eight lengths of padding come up", () => {
  for (let length = 0; length < 8; length++) {
    const key = parsePrivateKey(generatePrivateKey("ed25519", { comment: "c".repeat(length) }));
    assert.equal(key.type, "ssh-ed25519");
  }
});

test("a size that the type does not have is refused", () => {
  for (const [type, bits] of [
    ["ed25519", 512],
    ["ecdsa", 255],
    ["ecdsa", 1024],
    ["rsa", 2047],
    ["rsa", 1024],
    ["rsa", 8193],
    ["rsa", 2048.5],
    ["rsa", Number.NaN],
  ] as const) {
    assert.throws(() => generatePrivateKey(type, { bits }), RangeError);
  }
});
