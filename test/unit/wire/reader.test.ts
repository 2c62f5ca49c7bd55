import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { DisconnectReason, ProtocolError, Reader, Writer } from "../../../src/wire/index.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const string = (bytes: Uint8Array | string): Reader => new Reader(new Writer().string(Buffer.from(bytes)).finish());
const list = (text: string): Reader => string(text);

describe("a reader", () => {
  test("reads a byte, a boolean, a uint32 and a uint64 in network order", () => {
    const from = new Reader(hex("ff 00 01 7f  80000001  0123456789abcdef"));
    assert.equal(from.byte(), 255);
    assert.equal(from.boolean(), false);
    assert.equal(from.boolean(), true);
    assert.equal(from.boolean(), true, "RFC 4251 §5: all non-zero values are true");
    assert.equal(from.uint32(), 0x80000001);
    assert.equal(from.uint64(), 0x0123456789abcdefn);
    from.end();
  });

  test("begins where it is told to and knows what is left", () => {
    const from = new Reader(hex("00 01 02"), 1);
    assert.equal(from.left, 2);
    assert.equal(from.byte(), 1);
    assert.deepEqual([...from.rest()], [2]);
    assert.equal(from.left, 0);
  });

  test("gives strings as views into the payload", () => {
    const bytes = hex("00000003 616263");
    const view = new Reader(bytes).string();
    bytes[4] = 0x78;
    assert.equal(Buffer.from(view).toString(), "xbc");
  });

  for (const [what, read] of [
    ["a byte", (from: Reader) => from.byte()],
    ["a uint32", (from: Reader) => from.uint32()],
    ["a uint64", (from: Reader) => from.uint64()],
    ["a string", (from: Reader) => from.string()],
    ["an mpint", (from: Reader) => from.mpint()],
    ["a name-list", (from: Reader) => from.nameList()],
    ["bytes", (from: Reader) => from.bytes(3)],
  ] as const) {
    test(`does not read ${what} past the end`, () => {
      for (const bytes of ["", "00", "0000", "ff", "ffff"]) {
        const from = new Reader(hex(bytes));
        if (what === "a byte" && bytes !== "") continue;
        assert.throws(() => read(from), { name: "ProtocolError", reason: DisconnectReason.PROTOCOL_ERROR });
      }
    });
  }

  for (const length of ["ffffffff", "80000000", "7fffffff", "00000002"]) {
    test(`refuses a string that claims 0x${length} bytes and has one`, () => {
      assert.throws(() => new Reader(hex(`${length} 00`)).string(), ProtocolError);
      assert.throws(() => new Reader(hex(`${length} 00`)).nameList(), ProtocolError);
    });
  }

  test("refuses text that is not UTF-8 where it has to be", () => {
    assert.equal(string("grün").utf8(), "grün");
    for (const bytes of ["ff", "c0 80", "ed a0 80", "f4 90 80 80", "e2 82"]) {
      assert.throws(() => string(hex(bytes)).utf8(), /not valid UTF-8/);
    }
  });

  test("keeps a byte order mark in strict text", () => {
    assert.equal(string(hex("ef bb bf 61")).utf8(), "\ufeffa");
  });

  test("reads text for people with replacement characters", () => {
    assert.equal(string(hex("61 ff 62")).text(), "a\ufffdb");
  });

  test("takes names of printable ASCII up to 64 characters", () => {
    assert.equal(string("ssh-userauth").name(), "ssh-userauth");
    assert.equal(string("").name(), "");
    assert.equal(string("x".repeat(64)).name().length, 64);
    for (const bad of ["x".repeat(65), "a b", "a,b", "a\0", "\x7f", "é", "\x1b[0m"]) {
      assert.throws(() => string(bad).name(), ProtocolError, JSON.stringify(bad));
    }
  });

  test("reads a name without rules as empty where a refusal is the answer", () => {
    assert.equal(string("direct-tcpip").anyName(), "direct-tcpip");
    for (const bad of ["x".repeat(65), "a b", "a,b", "\0", "é"]) assert.equal(string(bad).anyName(), "");
  });

  test("splits name-lists at commas", () => {
    assert.deepEqual(list("").nameList(), []);
    assert.deepEqual(list("zlib").nameList(), ["zlib"]);
    assert.deepEqual(list("zlib,none").nameList(), ["zlib", "none"]);
  });

  test("lets one comma at the end of a name-list pass, which libssh 0.10 sends", () => {
    assert.deepEqual(list("aes128-ctr,").nameList(), ["aes128-ctr"]);
    assert.throws(() => list("aes128-ctr,,").nameList(), ProtocolError);
  });

  for (const bad of [",", ",a", "a,,b", "a, b", "a\0b", "ü", `${"x".repeat(65)},a`, `a,${"x".repeat(65)}`]) {
    test(`refuses the name-list ${JSON.stringify(bad.slice(0, 12))}${bad.length > 12 ? "…" : ""}`, () => {
      assert.throws(() => list(bad).nameList(), ProtocolError);
    });
  }

  test("reads a name-list of 1024 names and not one of 1025", () => {
    assert.equal(list(Array(1024).fill("a").join(",")).nameList().length, 1024);
    assert.throws(() => list(Array(1025).fill("a").join(",")).nameList(), /more than 1024 names/);
  });

  test("reads the positive mpints of RFC 4251 §5 as magnitudes", () => {
    assert.equal(Buffer.from(new Reader(hex("00000000")).mpint()).toString("hex"), "");
    assert.equal(Buffer.from(new Reader(hex("00000008 09a378f9b2e332a7")).mpint()).toString("hex"), "09a378f9b2e332a7");
    assert.equal(Buffer.from(new Reader(hex("00000002 0080")).mpint()).toString("hex"), "80");
  });

  test("refuses negative and padded mpints", () => {
    assert.throws(() => new Reader(hex("00000002 edcc")).mpint(), /negative/);
    assert.throws(() => new Reader(hex("00000005 ff21524111")).mpint(), /negative/);
    assert.throws(() => new Reader(hex("00000001 00")).mpint(), /leading zeros/);
    assert.throws(() => new Reader(hex("00000002 0001")).mpint(), /leading zeros/);
    assert.throws(() => new Reader(hex("00000003 000080")).mpint(), /leading zeros/);
  });

  test("says how many bytes follow the last field", () => {
    assert.throws(() => new Reader(hex("0102")).end(), /2 bytes follow the last field/);
  });

  test("reads nothing from random bytes but values and ProtocolErrors", () => {
    const methods = [
      "byte",
      "boolean",
      "uint32",
      "uint64",
      "string",
      "utf8",
      "text",
      "name",
      "anyName",
      "nameList",
      "mpint",
    ] as const;
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.array(fc.constantFrom(...methods), { maxLength: 8 }),
        (bytes, steps) => {
          const from = new Reader(bytes);
          try {
            for (const step of steps) from[step]();
          } catch (error) {
            assert.ok(error instanceof ProtocolError);
          }
          assert.ok(from.left >= 0 && from.left <= bytes.length);
        },
      ),
    );
  });
});
