import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { hash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as fc from "fast-check";
import { KeyError, parsePublicKey, parsePublicKeyBlob } from "../../../../src/crypto/index.ts";
import { Reader, Writer } from "../../../../src/wire/index.ts";
import { Authenticator } from "../../../client/index.ts";
import { blob } from "./blobs.ts";

const data = Buffer.from("data");
const P256_POINT = (from: Reader): Uint8Array => {
  from.name();
  from.name();
  return from.string();
};

const installed = spawnSync("ssh-keygen", ["-?"]).error === undefined;
const options = { skip: installed ? false : "ssh-keygen is not installed" };
const folder = mkdtempSync(join(tmpdir(), "sallyport-fido-"));
after(() => rmSync(folder, { recursive: true }));

const keygen = (args: readonly string[], input = ""): string => {
  const { status, stdout, stderr } = spawnSync("ssh-keygen", args, { input, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout;
};

for (const kind of ["ed25519", "ecdsa"] as const) {
  const token = new Authenticator(kind);
  const key = parsePublicKeyBlob(token.blob);
  const { algorithm } = token;

  test(`${algorithm}: a key says what it is`, () => {
    assert.deepEqual([key.type, key.algorithms, key.bits, key.application], [algorithm, [algorithm], 256, "ssh:"]);
    assert.match(key.describe("me"), new RegExp(`^256 SHA256:.{43} me \\(${kind.toUpperCase()}-SK\\)$`));
  });

  test(`${algorithm}: a signature verifies and says what the authenticator has seen, whatever that is`, () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(0xffffffff), fc.uint8Array(), (flags, counter, data) => {
        const signature = token.sign(data, { flags, counter });
        assert.equal(key.verify(algorithm, signature, data), true);
        const touch = { present: (flags & 1) === 1, verified: (flags & 4) === 4, counter };
        assert.deepEqual(key.examine(algorithm, signature, data), { touch });
      }),
      { numRuns: 50 },
    );
  });

  test(`${algorithm}: no byte of a signature can be changed, left out or added`, () => {
    const signature = Buffer.from(token.sign(data));
    for (let at = 0; at < signature.length; at++) {
      const changed = Buffer.from(signature);
      changed[at]! ^= 1;
      assert.equal(key.verify(algorithm, changed, data), false, `byte ${at}`);
      assert.equal(key.verify(algorithm, signature.subarray(0, at), data), false, `${at} bytes`);
    }
    assert.equal(key.verify(algorithm, Buffer.concat([signature, Uint8Array.of(0)]), data), false);
  });

  test(`${algorithm}: a signature for other data, another application or by another key does not verify`, () => {
    assert.equal(key.verify(algorithm, token.sign(Buffer.from("other")), data), false);
    assert.equal(key.verify(algorithm, new Authenticator(kind).sign(data), data), false);
    const elsewhere = new Writer().bytes(token.blob.subarray(0, -8)).utf8("ssh:x").finish();
    assert.equal(parsePublicKeyBlob(elsewhere).verify(algorithm, token.sign(data), data), false);
  });

  test(`${algorithm}: a signature by the plain algorithm is none, under any name`, () => {
    const plainName = kind === "ed25519" ? "ssh-ed25519" : "ecdsa-sha2-nistp256";
    assert.equal(key.verify(plainName, token.sign(data), data), false);
    const from = new Reader(token.sign(data));
    from.name();
    const inner = from.string();
    for (const name of [plainName, algorithm]) assert.equal(key.verify(algorithm, blob(name, inner), data), false);
  });

  test(`${algorithm}: each cut of the key, and each byte behind it, is refused`, () => {
    for (let length = 0; length < token.blob.length; length++) {
      assert.throws(() => parsePublicKeyBlob(token.blob.subarray(0, length)), KeyError, `${length} bytes`);
    }
    assert.throws(() => parsePublicKeyBlob(Buffer.concat([token.blob, Uint8Array.of(0)])), { code: "KEY_MALFORMED" });
  });
}

for (const kind of ["ed25519", "ecdsa"] as const) {
  test(`sk ${kind}: OpenSSH takes the authenticator of these tests for a real one`, options, () => {
    const token = new Authenticator(kind);
    // OpenSSH PROTOCOL.sshsig
    const fields = (): Writer => new Writer().bytes(Buffer.from("SSHSIG"));
    const common = new Writer().utf8("file").utf8("").utf8("sha512").finish();
    const signed = fields()
      .bytes(common)
      .string(hash("sha512", "data", "buffer"))
      .finish();
    const signature = fields().uint32(1).string(token.blob).bytes(common).string(token.sign(signed)).finish();
    const base64 = Buffer.from(signature).toString("base64").replaceAll(/.{70}/g, "$&\n");
    writeFileSync(join(folder, "signature"), `-----BEGIN SSH SIGNATURE-----\n${base64}\n-----END SSH SIGNATURE-----\n`);
    writeFileSync(join(folder, "signers"), `ada ${parsePublicKeyBlob(token.blob).toString()}\n`);
    const verify = [
      "-Y",
      "verify",
      "-n",
      "file",
      "-I",
      "ada",
      "-s",
      join(folder, "signature"),
      "-f",
      join(folder, "signers"),
    ];
    assert.match(keygen(verify, "data"), /^Good "file" signature for ada/);
  });

  test(`sk ${kind}: ssh-keygen shows the same key, and certifies it`, options, () => {
    const token = new Authenticator(kind);
    const key = parsePublicKeyBlob(token.blob);
    const [ca, file] = [join(folder, `ca-${kind}`), join(folder, `token-${kind}.pub`)];
    writeFileSync(file, `${key.toString()} me\n`);
    assert.equal(keygen(["-l", "-f", file]).trim(), key.describe("me"));
    keygen(["-q", "-t", "ed25519", "-N", "", "-f", ca]);
    keygen(["-q", "-s", ca, "-I", "a token", "-n", "ada", "-O", "no-touch-required", file]);
    const certified = parsePublicKey(readFileSync(file.replace(".pub", "-cert.pub"), "utf8"));
    assert.ok(certified.certificate?.publicKey.equals(key));
    assert.ok(certified.certificate!.extensions.has("no-touch-required"));
    const [algorithm] = certified.algorithms;
    assert.equal(certified.examine(algorithm!, token.sign(data, { flags: 0 }), data)?.touch?.present, false);
  });
}

test("two keys that differ in their application are two keys", () => {
  const { blob: one } = new Authenticator("ed25519");
  const two = new Writer().bytes(one.subarray(0, -8)).utf8("ssh:work").finish();
  assert.equal(parsePublicKeyBlob(one).equals(parsePublicKeyBlob(two)), false);
  assert.equal(parsePublicKeyBlob(two).application, "ssh:work");
});

test("an application that is not UTF-8 is malformed", () => {
  const { blob: whole } = new Authenticator("ed25519");
  const odd = new Writer().bytes(whole.subarray(0, -8)).string(Uint8Array.of(0xff)).finish();
  assert.throws(() => parsePublicKeyBlob(odd), { code: "KEY_MALFORMED" });
});

test("a point that is not on the curve, or another curve, is refused", () => {
  const name = "sk-ecdsa-sha2-nistp256@openssh.com";
  const point = Buffer.from(P256_POINT(new Reader(new Authenticator("ecdsa").blob)));
  point[64]! ^= 1;
  assert.throws(() => parsePublicKeyBlob(blob(name, "nistp256", point, "ssh:")), { code: "KEY_REFUSED" });
  assert.throws(() => parsePublicKeyBlob(blob(name, "nistp384", point, "ssh:")), { code: "KEY_MALFORMED" });
});

test("keys of other kinds have no application, and their signatures say nothing of a touch", () => {
  const key = parsePublicKeyBlob(blob("ssh-ed25519", new Uint8Array(32)));
  assert.deepEqual([key.application, key.certificate], [undefined, undefined]);
  assert.equal(key.examine("ssh-ed25519", blob("ssh-ed25519", new Uint8Array(64).fill(1)), data), undefined);
});
