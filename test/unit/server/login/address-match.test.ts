import assert from "node:assert/strict";
import test from "node:test";
import { matchesAddress } from "../../../../src/server/login/address-match.ts";

const cases: readonly (readonly [address: string, patterns: readonly string[], expected: boolean])[] = [
  ["192.0.2.7", [], false],
  ["192.0.2.7", [""], false],
  ["192.0.2.7", ["192.0.2.7"], true],
  ["192.0.2.7", ["192.0.2.70"], false],
  ["192.0.2.70", ["192.0.2.7"], false],
  ["192.0.2.7", ["192.0.2.0/24"], true],
  ["192.0.2.7", ["192.0.3.0/24"], false],
  ["192.0.2.7", ["0.0.0.0/0"], true],
  ["192.0.2.7", ["192.0.2.0/"], false],
  ["192.0.2.7", ["192.0.2.0/33"], false],
  ["192.0.2.7", ["192.0.2.0/-1"], false],
  ["192.0.2.7", ["192.0.2.0/2x"], false],
  ["192.0.2.7", ["192.0.2.*"], true],
  ["192.0.2.7", ["192.0.2.?"], true],
  ["192.0.2.77", ["192.0.2.?"], false],
  ["192.0.2.7", ["*"], true],
  ["192.0.2.7", ["10.0.0.0/8", "192.0.2.7"], true],
  ["192.0.2.7", ["*", "!192.0.2.7"], false],
  ["192.0.2.7", ["!192.0.2.7", "*"], false],
  ["192.0.2.8", ["!192.0.2.7"], false],
  ["192.0.2.8", ["*", "!192.0.2.0/29"], true],
  ["192.0.2.7", ["!192.0.2.0/24", "*"], false],
  ["::ffff:192.0.2.7", ["192.0.2.0/24"], true],
  ["::ffff:192.0.2.7", ["!192.0.2.0/24", "*"], false],
  ["2001:db8::1", ["2001:db8::/32"], true],
  ["2001:db8::1", ["2001:0DB8:0::1"], true],
  ["2001:db9::1", ["2001:db8::/32"], false],
  ["2001:db8::1", ["192.0.2.0/24"], false],
  ["192.0.2.7", ["2001:db8::/32", "::/0"], false],
  ["2001:db8::1", ["2001:db8::*"], true],
  ["2001:db8::1", ["2001:DB8:*"], true],
  ["2001:db8::1", ["!2001:db8::*", "*"], false],
  ["2001:db8::1", ["!2001:DB8::1", "*"], false],
  ["fe80::1%eth0", ["fe80::/10"], true],
  ["fe80::1", ["fe80::1%eth0"], true],
  ["192.0.2.7", ["*", "!::ffff:192.0.2.7"], false],
  ["::ffff:192.0.2.7", ["*", "!::ffff:192.0.2.7"], false],
  ["192.0.2.7", ["::ffff:192.0.2.7"], true],
  ["192.0.2.7", ["::ffff:192.0.2.0/120"], true],
  ["192.0.3.7", ["::ffff:192.0.2.0/120"], false],
  ["192.0.2.7", ["*", "!::ffff:0:0/96"], false],
  ["192.0.2.7", ["::ffff:192.0.2.7/24"], false],
  ["192.0.2.7", ["::ffff:192.0.2.7/129"], false],
  ["", ["192.0.2.7", "10.0.0.0/8"], false],
];
for (const [address, patterns, expected] of cases) {
  test(`${address || "no address"} ${expected ? "matches" : "does not match"} ${JSON.stringify(patterns)}`, () => {
    assert.equal(matchesAddress(address, patterns), expected);
  });
}

test("a pattern made to take for ever does not (CVE-2026-0967)", () => {
  assert.equal(matchesAddress("2001:db8:1:2:3:4:5:6", [`${"*?".repeat(6000)}x`]), false);
});
