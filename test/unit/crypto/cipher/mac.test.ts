import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyedMac } from "../../../../src/crypto/cipher/mac.ts";
import { macAlgorithms } from "../../../../src/crypto/index.ts";

const hex = (text: string): Buffer => Buffer.from(text, "hex");

// RFC 4231 §4.2, §4.3, §4.4 and §4.7. The first four bytes of the data go in as the sequence number.
const recorded = [
  {
    section: "4.2",
    key: "0b".repeat(20),
    data: "4869205468657265",
    sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    sha512:
      "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
  },
  {
    section: "4.3",
    key: "4a656665",
    data: "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
    sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    sha512:
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
  },
  {
    section: "4.4",
    key: "aa".repeat(20),
    data: "dd".repeat(50),
    sha256: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    sha512:
      "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
  },
  {
    section: "4.7",
    key: "aa".repeat(131),
    data: "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374",
    sha256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    sha512:
      "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
  },
] as const;

for (const mac of macAlgorithms.values()) {
  for (const vector of recorded) {
    test(`${mac.name} gives the code of RFC 4231 §${vector.section}`, () => {
      const data = hex(vector.data);
      const code = new KeyedMac(mac, hex(vector.key)).code(data.readUInt32BE(), data.subarray(4));
      assert.equal(code.toString("hex"), vector[mac.hash]);
      assert.equal(code.length, mac.length);
    });
  }
}
