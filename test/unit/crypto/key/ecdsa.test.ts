import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { generatePrivateKey, parsePrivateKey, parsePublicKeyBlob } from "../../../../src/crypto/index.ts";
import { nistCurves } from "../../../../src/crypto/nist-curve.ts";
import { Reader } from "../../../../src/wire/index.ts";
import { blob, hex, hostKey } from "./blobs.ts";

for (const curve of nistCurves) {
  const algorithm = `ecdsa-sha2-${curve.identifier}`;
  const key = hostKey(`ecdsa-${curve.bits}`);

  /** r and s of a signature blob, as they stand. */
  const parts = (signature: Uint8Array): readonly [Uint8Array, Uint8Array] => {
    const outer = new Reader(signature);
    assert.equal(outer.name(), algorithm);
    const inner = new Reader(outer.string());
    outer.end();
    const r = inner.string();
    const s = inner.string();
    inner.end();
    return [r, s];
  };

  const rounds = curve.bits === 256 ? 300 : 60;
  test(`${rounds} signatures of ${algorithm} verify, and their r and s are canonical mpints`, () => {
    const lengths = new Set<number>();
    for (let round = 0; round < rounds; round++) {
      const data = Buffer.from(`data ${round}`);
      const signature = key.sign(algorithm, data);
      assert.equal(key.publicKey.verify(algorithm, signature, data), true);
      assert.equal(key.publicKey.verify(algorithm, signature, Buffer.from("other")), false);
      for (const number of parts(signature)) {
        // The reader of mpints refuses what is negative or has needless zeros.
        new Reader(blob(number)).mpint();
        lengths.add(number.length);
      }
    }
    assert.ok(lengths.size > 1, "numbers of several lengths came up");
  });

  test(`${algorithm}: r or s that are zero, negative, padded, too long or swapped do not verify`, () => {
    const data = Buffer.from("data");
    const [r, s] = parts(key.sign(algorithm, data));
    const verify = (...fields: readonly Uint8Array[]): boolean =>
      key.publicKey.verify(algorithm, blob(algorithm, blob(...fields)), data);
    assert.equal(verify(r, s), true);
    const none = new Uint8Array(0);
    for (const fields of [
      [s, r],
      [none, s],
      [r, none],
      [none, none],
      [Uint8Array.of(0), s],
      [Buffer.concat([Uint8Array.of(0), r]), s],
      [r, Uint8Array.of(0xff)],
      [new Uint8Array(1000).fill(1), s],
      [r],
      [r, s, s],
      [],
    ]) {
      assert.equal(verify(...fields), false);
    }
  });

  test(`${algorithm}: the raw form and the DER form of a signature do not verify`, () => {
    const data = Buffer.from("data");
    const [r, s] = parts(key.sign(algorithm, data));
    const fixed = (number: Uint8Array): Buffer => Buffer.from(number).subarray(-curve.length);
    for (const inner of [
      Buffer.concat([fixed(r), fixed(s)]),
      Buffer.concat([hex("30"), Uint8Array.of(r.length + s.length + 4, 2, r.length), r, Uint8Array.of(2, s.length), s]),
    ]) {
      assert.equal(key.publicKey.verify(algorithm, blob(algorithm, inner), data), false);
    }
  });

  test(`${algorithm}: another curve's name, a point off the curve or in another form is refused`, () => {
    const from = new Reader(key.publicKey.blob);
    from.name();
    from.name();
    const point = from.string();
    const off = Buffer.from(point);
    off[off.length - 1]! ^= 1;
    const other = nistCurves.find((row) => row !== curve)!.identifier;
    assert.throws(() => parsePublicKeyBlob(blob(algorithm, other, point)), { code: "KEY_MALFORMED" });
    for (const bytes of [off, point.subarray(1), Uint8Array.of(0), new Uint8Array(point.length), new Uint8Array(0)]) {
      assert.throws(() => parsePublicKeyBlob(blob(algorithm, curve.identifier, bytes)), { code: "KEY_REFUSED" });
    }
  });

  test(`${algorithm}: any pair of numbers is answered with false`, () => {
    const number = fc.uint8Array({ maxLength: curve.length + 2, size: "max" });
    fc.assert(
      fc.property(number, number, (r, s) => {
        const inner = blob({ mpint: r }, { mpint: s });
        assert.equal(key.publicKey.verify(algorithm, blob(algorithm, inner), Buffer.from("data")), false);
      }),
    );
  });
}

test("a private scalar with leading zero bytes survives the file", () => {
  // One key in 256 has one; the file keeps it as an mpint, without the zero.
  for (let round = 0; round < 600; round++) {
    const text = generatePrivateKey("ecdsa");
    assert.equal(parsePrivateKey(text).type, "ecdsa-sha2-nistp256");
  }
});
