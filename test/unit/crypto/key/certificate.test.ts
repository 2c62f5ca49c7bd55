import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  KeyError,
  optionText,
  parsePublicKey,
  parsePublicKeyBlob,
  signatureAlgorithms,
} from "../../../../src/crypto/index.ts";
import { Writer } from "../../../../src/wire/index.ts";
import { Authenticator, certify, strings } from "../../../client/index.ts";
import type { CertificateFields, Signer } from "../../../client/index.ts";
import { blob, fixture, fixtures, hostKey } from "./blobs.ts";

const data = Buffer.from("data");
const certificate = (name: string): string => fixture(`certificates/${name}-cert.pub`);
const listing = fixture("certificates/listing.txt");

/** What `ssh-keygen -L` says of a fixture, line by line. */
function listed(name: string): readonly string[] {
  const lines = listing.split("\n");
  const start = lines.indexOf(`${name}-cert.pub:`);
  const length = lines.slice(start + 1).findIndex((line) => !line.startsWith(" "));
  return lines.slice(start + 1, start + 1 + length).map((line) => line.trim());
}

/** An Ed25519 CA out of the fixtures, which signs what it is told. */
function signer(name: string, algorithm?: string): Signer {
  const key = hostKey(name);
  return { blob: key.publicKey.blob, sign: (data) => key.sign(algorithm ?? key.algorithms[0]!, data) };
}

const ca = signer("ed25519");
const subject = hostKey("ecdsa-256");
const made = (fields: CertificateFields = {}, by: Signer = ca): Uint8Array =>
  certify(subject.publicKey.blob, by, fields);

for (const name of fixtures) {
  for (const type of ["user", "host"] as const) {
    const key = parsePublicKey(certificate(`${type}-${name}`));
    const plain = parsePublicKey(fixture(`${name}.pub`));

    test(`${type} certificate of ${name}: it says what ssh-keygen -L says`, () => {
      const lines = listed(`${type}-${name}`);
      const { certificate } = key;
      assert.ok(certificate);
      assert.equal(lines[0], `Type: ${key.type} ${certificate.type} certificate`);
      assert.ok(lines[1]!.endsWith(` ${key.fingerprint}`));
      assert.ok(
        lines[2]!.includes(` ${certificate.signatureKey.fingerprint} (using ${certificate.signatureAlgorithm})`),
      );
      assert.equal(lines[3], `Key ID: "${certificate.keyId}"`);
      assert.equal(lines[4], `Serial: ${certificate.serial}`);
      const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19);
      assert.equal(
        lines[5],
        certificate.validBefore === Infinity
          ? "Valid: forever"
          : `Valid: from ${iso(certificate.validAfter)} to ${iso(certificate.validBefore)}`,
      );
      for (const principal of certificate.principals) assert.ok(lines.includes(principal));
      assert.equal(certificate.principals.length, 2);
      for (const extension of certificate.extensions.keys()) assert.ok(lines.includes(extension));
      assert.equal(certificate.extensions.size, type === "user" ? 5 : 0);
      assert.equal(certificate.criticalOptions.size, 0);
    });

    test(`${type} certificate of ${name}: the key in it is the key, and has its fingerprint`, () => {
      assert.ok(key.certificate);
      assert.ok(key.certificate.publicKey.equals(plain));
      assert.equal(key.certificate.publicKey.certificate, undefined);
      assert.equal(key.fingerprint, plain.fingerprint);
      assert.equal(key.describe("me"), plain.describe("me").replace(/\)$/, "-CERT)"));
      assert.equal(key.bits, plain.bits);
    });

    test(`${type} certificate of ${name}: a certificate is not the key that it certifies`, () => {
      assert.equal(key.equals(plain), false);
      assert.equal(plain.equals(key), false);
      assert.ok(key.equals(parsePublicKey(String(key))));
    });

    test(`${type} certificate of ${name}: it verifies the key's signatures, by the names for certificates`, () => {
      const signing = hostKey(name);
      assert.deepEqual(
        key.algorithms,
        plain.algorithms.map((algorithm) => `${algorithm}-cert-v01@openssh.com`),
      );
      for (const algorithm of signing.algorithms) {
        const signature = signing.sign(algorithm, data);
        assert.equal(key.verify(`${algorithm}-cert-v01@openssh.com`, signature, data), true);
        assert.deepEqual(key.examine(`${algorithm}-cert-v01@openssh.com`, signature, data), {});
        assert.equal(key.verify(`${algorithm}-cert-v01@openssh.com`, signature, Buffer.from("other")), false);
        assert.equal(key.verify(algorithm, signature, data), false, "the plain name is for the plain key");
        for (const wrong of [...signatureAlgorithms, "ssh-rsa", "ssh-rsa-cert-v01@openssh.com", "", "constructor"]) {
          if (wrong !== `${algorithm}-cert-v01@openssh.com`) assert.equal(key.verify(wrong, signature, data), false);
        }
      }
    });
  }
}

for (const [name, algorithm] of [
  ["by-ecdsa", "ecdsa-sha2-nistp384"],
  ["by-rsa-sha2-512", "rsa-sha2-512"],
  ["by-rsa-sha2-256", "rsa-sha2-256"],
] as const) {
  test(`${name}: a CA of another kind is taken, and which algorithm it signed by is told`, () => {
    const ca = parsePublicKey(fixture(`certificates/ca-${name.split("-")[1]}.pub`));
    const { certificate: read } = parsePublicKey(certificate(name));
    assert.equal(read?.signatureAlgorithm, algorithm);
    assert.ok(read.signatureKey.equals(ca));
  });
}

test("a certificate that was signed with SHA-1 is refused", () => {
  assert.throws(() => parsePublicKey(certificate("by-ssh-rsa")), { code: "KEY_REFUSED", message: /not accepted/ });
});

test("critical options and extensions are kept with their data, those that nobody knows too", () => {
  const { certificate: read } = parsePublicKey(certificate("limited"));
  const texts = (options: ReadonlyMap<string, Uint8Array>): unknown =>
    Object.fromEntries(Array.from(options, ([name, data]) => [name, data.length === 0 ? "" : optionText(data)]));
  assert.ok(read);
  assert.deepEqual(texts(read.criticalOptions), {
    "force-command": "echo hello",
    "role@example.org": "reader",
    "source-address": "192.0.2.0/24,2001:db8::/32",
    "verify-required": "",
  });
  assert.deepEqual(texts(read.extensions), { "no-touch-required": "", "note@example.org": "text", "permit-pty": "" });
});

test("a certificate for nobody has no principals", () => {
  assert.deepEqual(parsePublicKey(certificate("nobody")).certificate?.principals, []);
});

for (const kind of ["ed25519", "ecdsa"] as const) {
  const token = new Authenticator(kind);

  test(`sk ${kind}: a FIDO key's certificate is read, and its signatures tell of the touch`, () => {
    const key = parsePublicKeyBlob(certify(token.blob, ca));
    const name = token.algorithm.replace("@openssh.com", "-cert-v01@openssh.com");
    assert.deepEqual([key.type, key.algorithms, key.application], [name, [name], "ssh:"]);
    assert.deepEqual(key.examine(name, token.sign(data, { flags: 5, counter: 3 }), data), {
      touch: { present: true, verified: true, counter: 3 },
    });
    assert.ok(key.certificate?.publicKey.equals(parsePublicKeyBlob(token.blob)));
    assert.match(key.describe(), new RegExp(`\\(${kind.toUpperCase()}-SK-CERT\\)$`));
  });

  test(`sk ${kind}: a FIDO key may be the CA`, () => {
    const { certificate } = parsePublicKeyBlob(made({}, token));
    assert.equal(certificate?.signatureAlgorithm, token.algorithm);
  });
}

test("a certificate keeps no view into the bytes it was read from", () => {
  const bytes = Buffer.from(made({ criticalOptions: { "force-command": "ls" } }));
  const copy = Buffer.from(bytes);
  const key = parsePublicKeyBlob(bytes);
  bytes.fill(0);
  assert.deepEqual(Buffer.from(key.blob), copy);
  assert.deepEqual(Buffer.from(key.certificate!.publicKey.blob), Buffer.from(subject.publicKey.blob));
  assert.deepEqual(Buffer.from(key.certificate!.signatureKey.blob), Buffer.from(ca.blob));
  assert.equal(optionText(key.certificate!.criticalOptions.get("force-command")!), "ls");
  const algorithm = "ecdsa-sha2-nistp256-cert-v01@openssh.com";
  assert.ok(key.verify(algorithm, subject.sign("ecdsa-sha2-nistp256", data), data));
});

test("times are in seconds, and the end of all time is Infinity", () => {
  const { certificate } = parsePublicKeyBlob(made({ validAfter: 5n, validBefore: 0xffff_ffff_ffff_fffen }));
  assert.equal(certificate?.validAfter, 5);
  assert.ok(certificate.validBefore > 1e19 && certificate.validBefore < Infinity);
  assert.equal(parsePublicKeyBlob(made()).certificate?.validBefore, Infinity);
  assert.equal(parsePublicKeyBlob(made({ serial: 2n ** 64n - 1n })).certificate?.serial, 2n ** 64n - 1n);
});

test("no byte of a certificate can be changed, left out or added", () => {
  const whole = made({ criticalOptions: { "force-command": "ls" }, extensions: { "permit-pty": "" } });
  for (let at = 0; at < whole.length; at++) {
    const changed = Buffer.from(whole);
    changed[at]! ^= 1;
    assert.throws(() => parsePublicKeyBlob(changed), KeyError, `byte ${at} changed`);
    assert.throws(() => parsePublicKeyBlob(whole.subarray(0, at)), KeyError, `${at} bytes`);
  }
  assert.throws(() => parsePublicKeyBlob(Buffer.concat([whole, Uint8Array.of(0)])), { code: "KEY_MALFORMED" });
});

test("a certificate that another CA signed is refused", () => {
  const other = signer("ecdsa-384");
  assert.throws(() => parsePublicKeyBlob(made({ signatureKey: ca.blob }, other)), { code: "KEY_REFUSED" });
  const renamed = { blob: ca.blob, sign: (data: Uint8Array) => blob("ssh-rsa", ca.sign(data)) };
  assert.throws(() => parsePublicKeyBlob(made({}, renamed)), { code: "KEY_REFUSED" });
});

const hostile: Readonly<Record<string, CertificateFields>> = {
  "a type of 0": { type: 0 },
  "a type of 3": { type: 3 },
  "more than 256 principals": { principals: Array.from({ length: 257 }, (_, at) => `u${at}`) },
  "more than 32 critical options": { criticalOptions: manyOptions(33) },
  "more than 32 extensions": { extensions: manyOptions(33) },
  "critical options out of order": { criticalOptions: { "source-address": "192.0.2.1", "force-command": "ls" } },
  "extensions out of order": { extensions: { b: "", a: "" } },
  "an option twice": { criticalOptions: Buffer.concat([option("a"), option("a")]) },
  "an option without data": { criticalOptions: strings(["a"]) },
  "options that are cut": { criticalOptions: option("a").subarray(0, -1) },
  "an option's length that runs out of the list": { extensions: Uint8Array.of(0xff, 0xff, 0xff, 0xff) },
  "principals that are cut": { principals: strings(["ada"]).subarray(0, -1) },
  "principals' lengths that run out of the list": { principals: Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 0x61) },
  "a principal with a NUL": { principals: ["root\0x"] },
  "an empty principal": { principals: [""] },
  "a principal that is not UTF-8": { principals: new Writer().string(Uint8Array.of(0xc3)).finish() },
  "a key id that is not UTF-8": { keyId: Uint8Array.of(0xff) },
  "more than 8 KiB": { keyId: "x".repeat(8192) },
  "a CA that is no key": { signatureKey: Uint8Array.of(1, 2, 3) },
  "a CA with bytes behind it": { signatureKey: Buffer.concat([ca.blob, Uint8Array.of(0)]) },
  "a CA with a name only": { signatureKey: strings(["ssh-ed25519"]) },
  "an RSA CA that is too small": {
    signatureKey: blob("ssh-rsa", { mpint: Uint8Array.of(1, 0, 1) }, { mpint: new Uint8Array(128).fill(0xff) }),
  },
};

for (const [what, fields] of Object.entries(hostile)) {
  test(`a certificate with ${what} is refused, whoever signed it`, () => {
    assert.throws(() => parsePublicKeyBlob(made(fields)), KeyError);
  });
}

test("as many principals and options as are allowed are read", () => {
  const principals = Array.from({ length: 256 }, (_, at) => `user${at}`);
  const { certificate } = parsePublicKeyBlob(
    made({ principals, criticalOptions: manyOptions(32), extensions: manyOptions(32) }),
  );
  assert.deepEqual(certificate?.principals, principals);
  assert.deepEqual([certificate.criticalOptions.size, certificate.extensions.size], [32, 32]);
});

test("what is reserved is ignored, but stays signed", () => {
  assert.ok(parsePublicKeyBlob(made({ reserved: Uint8Array.of(1, 2, 3) })).certificate);
});

test("a certificate of a certificate is refused by its name: no chain is followed, however deep", () => {
  let chain = made();
  for (let depth = 1; depth <= 15; depth++) {
    chain = made({ signatureKey: chain });
    assert.ok(chain.length <= 8192);
    assert.throws(() => parsePublicKeyBlob(chain), { code: "KEY_TYPE_UNKNOWN" });
  }
  assert.throws(() => parsePublicKeyBlob(certify(made(), ca)), { code: "KEY_TYPE_UNKNOWN" });
});

test("the key in a certificate keeps to the rules for keys", () => {
  const small = blob("ssh-rsa", { mpint: Uint8Array.of(1, 0, 1) }, { mpint: new Uint8Array(128).fill(0xff) });
  assert.throws(() => parsePublicKeyBlob(certify(small, ca)), { code: "KEY_REFUSED", message: /1024 bits/ });
  const point = new Uint8Array(65).fill(4);
  assert.throws(() => parsePublicKeyBlob(certify(blob("ecdsa-sha2-nistp256", "nistp256", point), ca)), {
    code: "KEY_REFUSED",
  });
});

test("a line whose type is the plain key's is not a certificate's", () => {
  const [, base64] = certificate("user-ed25519").split(" ");
  assert.throws(() => parsePublicKey(`ssh-ed25519 ${base64}`), { code: "KEY_MISMATCH" });
});

test("errors hold nothing that the peer chose", () => {
  for (const fields of [
    { keyId: "evil".repeat(3000) },
    { principals: ["evil\0"] },
    { criticalOptions: Buffer.concat([option("evil"), option("evil")]) },
    { signatureKey: strings(["evil-cert-v01@openssh.com"]) },
  ]) {
    assert.throws(
      () => parsePublicKeyBlob(made(fields)),
      (error: unknown) => error instanceof KeyError && !error.message.includes("evil"),
    );
  }
});

test("any bytes in place of any field are read, or a KeyError", () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const fields = fc.record(
    {
      nonce: bytes,
      serial: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      type: fc.nat(4),
      keyId: fc.oneof(fc.string(), bytes),
      principals: fc.oneof(fc.array(fc.string()), bytes),
      criticalOptions: fc.oneof(fc.dictionary(fc.string(), fc.string()), bytes),
      extensions: fc.oneof(fc.dictionary(fc.string(), fc.string()), bytes),
      reserved: bytes,
      signatureKey: fc.oneof(bytes, fc.constant(ca.blob)),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fields, (fields) => {
      try {
        const { certificate } = parsePublicKeyBlob(made(fields));
        assert.ok(certificate && certificate.principals.length <= 256);
      } catch (error) {
        assert.ok(error instanceof KeyError, String(error));
      }
    }),
    { numRuns: 300 },
  );
});

test("an option's data is text only when it is exactly one string", () => {
  assert.equal(optionText(strings(["echo ü"])), "echo ü");
  assert.equal(optionText(strings([""])), "");
  for (const data of [new Uint8Array(0), Buffer.from("echo"), strings(["a", "b"]), Uint8Array.of(0, 0, 0, 1, 0xff)]) {
    assert.equal(optionText(data), undefined);
  }
});

function option(name: string): Uint8Array {
  return new Writer().utf8(name).string(new Uint8Array(0)).finish();
}

function manyOptions(count: number): Uint8Array {
  return Buffer.concat(Array.from({ length: count }, (_, at) => option(`option${String(at).padStart(2, "0")}`)));
}
