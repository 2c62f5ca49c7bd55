import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { exportPoint, importPoint, nistCurves } from "../../../src/crypto/nist-curve.ts";

for (const curve of nistCurves) {
  const fresh = (): Uint8Array =>
    exportPoint(curve, generateKeyPairSync("ec", { namedCurve: curve.nodeName }).publicKey);

  test(`a point of ${curve.identifier} comes out as it went in`, () => {
    for (let round = 0; round < 50; round++) {
      const point = fresh();
      assert.equal(point.length, 1 + 2 * curve.length);
      assert.deepEqual(exportPoint(curve, importPoint(curve, point)!), point);
    }
  });

  test(`${curve.identifier} refuses what is not an uncompressed point on it`, () => {
    const point = fresh();
    const changed = (at: number, to: number): Uint8Array => {
      const copy = Buffer.from(point);
      copy[at] = to;
      return copy;
    };
    const y = point.at(-1)!;
    const wrong: Record<string, Uint8Array> = {
      nothing: new Uint8Array(0),
      "the point at infinity": Uint8Array.of(0),
      "all zeros": new Uint8Array(point.length),
      "zero coordinates": changed(0, 4).fill(0, 1),
      "coordinates above the prime": changed(0, 4).fill(0xff, 1),
      "another y": changed(point.length - 1, y ^ 1),
      "the hybrid form": changed(0, 6 + (y & 1)),
      "the compressed form": changed(0, 2 + (y & 1)).subarray(0, 1 + curve.length),
      "a byte less": point.subarray(0, -1),
      "a byte more": Buffer.concat([point, Uint8Array.of(0)]),
    };
    for (const [what, bytes] of Object.entries(wrong)) assert.equal(importPoint(curve, bytes), undefined, what);
  });
}
