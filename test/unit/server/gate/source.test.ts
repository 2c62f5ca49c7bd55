import assert from "node:assert/strict";
import test from "node:test";
import { sourceOf } from "../../../../src/server/gate/source.ts";

const cases: readonly (readonly [address: string, ipv4: number, ipv6: number, source: string])[] = [
  ["192.0.2.7", 32, 64, "192.0.2.7"],
  ["192.0.2.7", 24, 64, "192.0.2"],
  ["192.0.255.7", 20, 64, "192.0.240"],
  ["192.0.2.7", 0, 64, ""],
  ["::ffff:192.0.2.7", 32, 64, "192.0.2.7"],
  ["::ffff:c000:207", 32, 64, "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", 32, 64, "2001:db8:1:2"],
  ["2001:db8:1:2ff:3:4:5:6", 32, 56, "2001:db8:1:200"],
  ["2001:db8::", 32, 128, "2001:db8:0:0:0:0:0:0"],
  ["::1", 32, 128, "0:0:0:0:0:0:0:1"],
  ["fe80::1%eth0", 32, 128, "fe80:0:0:0:0:0:0:1"],
  ["/run/socket", 32, 64, "/run/socket"],
  ["", 32, 64, ""],
];
for (const [address, ipv4, ipv6, source] of cases) {
  test(`${address || "no address"} belongs to ${source || "the only source"} with ${ipv4} and ${ipv6} bits`, () => {
    assert.equal(sourceOf(address, { ipv4, ipv6 }), source);
  });
}
