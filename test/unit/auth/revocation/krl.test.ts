import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as fc from "fast-check";
import { AuthError } from "../../../../src/auth/index.ts";
import { Journal } from "../../../../src/auth/journal.ts";
import { parseKrl } from "../../../../src/auth/revocation/krl.ts";
import { Revocations } from "../../../../src/auth/revocation/revocations.ts";
import { Writer } from "../../../../src/wire/index.ts";
import { certificateOf, fixture, fixtureKey, fixturePath, makeCa } from "../attempt.ts";

const bytesOf = (name: string): Buffer => readFileSync(fixturePath(name));
const answers = fixture("answers.txt")
  .trim()
  .split("\n")
  .map((line) => line.split(" ") as [string, string, string]);
const krls = [...new Set(answers.map(([krl]) => krl))];
const ca = makeCa();
const ada = fixtureKey("ada");

interface Parts {
  readonly magic?: string;
  readonly version?: number;
  readonly sections?: Uint8Array;
}
function krl({ magic = "SSHKRL\n\0", version = 1, sections = new Uint8Array(0) }: Parts): Uint8Array {
  const to = new Writer().bytes(Buffer.from(magic, "latin1")).uint32(version).uint64(9n).uint64(0n).uint64(0n);
  return to.utf8("").utf8("a comment").bytes(sections).finish();
}
const section = (type: number, data: Uint8Array): Uint8Array => new Writer().byte(type).string(data).finish();
const ofCa = (...parts: Uint8Array[]): Uint8Array =>
  section(1, new Writer().string(ca.blob).utf8("").bytes(Buffer.concat(parts)).finish());
const extension = (name: string, critical: boolean): Uint8Array =>
  new Writer().utf8(name).boolean(critical).utf8("?").finish();
const revokes = (sections: Uint8Array, serial: bigint): boolean =>
  parseKrl(krl({ sections })).hasCertificate(certificateOf(ada, ca, { serial }).certificate!);

for (const krl of krls) {
  test(`${krl}: each key and certificate is judged as ssh-keygen -Q judges it`, async () => {
    const revocations = new Revocations({ list: bytesOf(krl) }, new Journal());
    const ours: [string, string, string][] = [];
    for (const [, pub] of answers.filter(([name]) => name === krl)) {
      ours.push([krl, pub, (await revocations.has(fixtureKey(pub.slice(0, -4)))) ? "revoked" : "good"]);
    }
    assert.deepEqual(
      ours,
      answers.filter(([name]) => name === krl),
    );
  });

  test(`${krl}: cut off anywhere within a section it is refused, and so is a byte behind the last one`, () => {
    const bytes = bytesOf(krl);
    const header = 44;
    let accepted = 0;
    for (let length = 0; length < bytes.length; length++) {
      try {
        parseKrl(bytes.subarray(0, length));
        accepted++;
      } catch (error) {
        assert.ok(error instanceof AuthError && error.code === "BAD_REVOCATIONS");
      }
    }
    // Only between two sections, where it is a list that says less.
    assert.ok(accepted <= 4 && accepted < bytes.length - header + 4, String(accepted));
    assert.throws(() => parseKrl(Buffer.concat([bytes, Uint8Array.of(1)])), AuthError);
  });
}

test("a list with another magic or version is refused", () => {
  assert.throws(() => parseKrl(krl({ magic: "SSHKRL\n\x01" })), AuthError);
  assert.throws(() => parseKrl(krl({ version: 2 })), /version 2/);
  parseKrl(krl({}));
});

test("a section of an unknown type is refused, at either level", () => {
  for (const type of [0, 6, 7, 100, 254])
    assert.throws(() => parseKrl(krl({ sections: section(type, new Uint8Array(0)) })), /unknown type/);
  for (const type of [0, 1, 0x1f, 0x24, 0x38, 255]) {
    assert.throws(() => parseKrl(krl({ sections: ofCa(section(type, new Uint8Array(0))) })), /unknown type/);
  }
});

test("a signed list is refused, since nobody checks whose signature it is", () => {
  const sections = section(4, ca.blob);
  assert.throws(() => parseKrl(krl({ sections })), /signed/);
});

test("an extension that is critical is refused, and another one passed over, at either level", () => {
  parseKrl(krl({ sections: section(255, extension("x", false)) }));
  parseKrl(krl({ sections: ofCa(section(0x39, extension("x", false))) }));
  assert.throws(() => parseKrl(krl({ sections: section(255, extension("x", true)) })), /critical/);
  assert.throws(() => parseKrl(krl({ sections: ofCa(section(0x39, extension("x", true))) })), /critical/);
});

test("bytes behind the last field of a section are refused", () => {
  const range = new Writer().uint64(1n).uint64(2n).byte(0).finish();
  assert.throws(() => parseKrl(krl({ sections: ofCa(section(0x21, range)) })), /bytes behind/);
  const more = Buffer.concat([extension("x", false), Uint8Array.of(0)]);
  assert.throws(() => parseKrl(krl({ sections: section(255, more) })), /bytes behind/);
});

test("a fingerprint of another length is refused", () => {
  for (const [type, length] of [
    [3, 32],
    [5, 20],
    [3, 0],
    [5, 31],
  ] as const) {
    const sections = section(type, new Writer().string(new Uint8Array(length)).finish());
    assert.throws(() => parseKrl(krl({ sections })), /fingerprint/);
  }
});

test("a certificate that cannot be read is refused in a list of keys: whose key it revokes nobody can say", () => {
  const certificate = Buffer.from(certificateOf(ada, ca).blob);
  const list = (blob: Uint8Array) => krl({ sections: section(2, new Writer().string(blob).finish()) });
  assert.equal(parseKrl(list(certificate)).hasKey(ada.blob), true);
  certificate[certificate.length - 1]! ^= 1;
  assert.throws(() => parseKrl(list(certificate)), /list its key instead/);
});

test("a key of a type that is not supported may be listed", () => {
  const blob = new Writer().utf8("ssh-dss").utf8("x").finish();
  assert.equal(parseKrl(krl({ sections: section(2, new Writer().string(blob).finish()) })).hasKey(blob), true);
});

test("two sections on one CA add up, and what is said of one CA does not touch another's", () => {
  const one = (serial: bigint) => ofCa(section(0x20, new Writer().uint64(serial).finish()));
  const list = parseKrl(krl({ sections: Buffer.concat([one(4n), one(6n)]) }));
  const has = (serial: bigint, by = ca) => list.hasCertificate(certificateOf(ada, by, { serial }).certificate!);
  assert.deepEqual([has(4n), has(5n), has(6n), has(4n, makeCa())], [true, false, true, false]);
});

test("ranges that are empty, turned around or begin at 0 are refused, and so is a bitmap that goes too far", () => {
  const range = (from: bigint, to: bigint) => ofCa(section(0x21, new Writer().uint64(from).uint64(to).finish()));
  assert.throws(() => parseKrl(krl({ sections: range(5n, 4n) })), /range/);
  assert.throws(() => parseKrl(krl({ sections: range(0n, 4n) })), /range/);
  assert.throws(() => parseKrl(krl({ sections: ofCa(section(0x20, new Writer().uint64(0n).finish())) })), /range/);
  const bitmap = (offset: bigint, ...bytes: number[]) =>
    ofCa(section(0x22, new Writer().uint64(offset).string(Uint8Array.from(bytes)).finish()));
  assert.throws(() => parseKrl(krl({ sections: bitmap(2n ** 64n - 1n, 2) })), /64 bits/);
  assert.throws(() => parseKrl(krl({ sections: bitmap(0n, 1) })), /serial number 0/);
  assert.throws(() => parseKrl(krl({ sections: bitmap(1n, 0x80) })), /negative/);
  assert.equal(revokes(bitmap(2n ** 64n - 1n, 1), 2n ** 64n - 1n), true);
  assert.equal(revokes(bitmap(7n), 7n), false);
});

test("any bitmap means the serial numbers of its bits", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(bytes, fc.bigInt(1n, 2n ** 63n), fc.bigInt(-3n, 110n), (bytes, offset, at) => {
      const sections = ofCa(section(0x22, new Writer().uint64(offset).mpint(bytes).finish()));
      const isSet = at >= 0n && ((BigInt(`0x${Buffer.from(bytes).toString("hex")}`) >> at) & 1n) === 1n;
      fc.pre(offset + at > 0n);
      assert.equal(revokes(sections, offset + at), isSet);
    }),
    { numRuns: 300 },
  );
});

test("any bytes in a list give a list or the typed error", () => {
  const originals = fc.constantFrom(...krls.map(bytesOf));
  fc.assert(
    fc.property(originals, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), (original, changes) => {
      const bytes = Buffer.from(original);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      try {
        parseKrl(bytes);
      } catch (error) {
        assert.ok(error instanceof AuthError);
      }
    }),
    { numRuns: 2000 },
  );
});
