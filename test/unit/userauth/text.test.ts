import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { secretText, userNameFault } from "../../../src/userauth/text.ts";

test("ordinary user names are usable, in any script", () => {
  for (const user of [
    "ada",
    "a",
    "ada.lovelace@example.org",
    "rооt",
    "名前",
    "Ωmega",
    "a b",
    "a-b",
    "../../x",
    "$(id)",
  ]) {
    assert.equal(userNameFault(user), undefined, user);
  }
});

test("a user name has 1 to 255 bytes, counted in bytes", () => {
  assert.match(userNameFault("")!, /empty/);
  assert.equal(userNameFault("a".repeat(255)), undefined);
  assert.match(userNameFault("a".repeat(256))!, /255/);
  assert.equal(userNameFault(`${"é".repeat(127)}a`), undefined);
  assert.match(userNameFault("é".repeat(128))!, /255/);
});

test("a user name does not begin with a hyphen", () => {
  assert.match(userNameFault("-oProxyCommand=x")!, /hyphen/);
});

test("no control, bidirectional, zero-width or line-breaking character is in a user name", () => {
  const unseen = [0x00, 0x09, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x61c, 0x200b, 0x200d, 0x200e, 0x202a, 0x202e];
  for (const code of [...unseen, 0x2028, 0x2029, 0x2066, 0x2069, 0xfeff, 0xe0001]) {
    for (const place of ["", "a"]) {
      assert.match(userNameFault(`${place}${String.fromCodePoint(code)}b`)!, /control or invisible/, code.toString(16));
    }
  }
});

test("no fault tells the name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 3, maxLength: 400 }), (name) => {
      const fault = userNameFault(`-${name}`) ?? assert.fail();
      assert.equal(fault.includes(`-${name}`), false);
    }),
  );
});

test("a secret is exactly the text that was typed, up to the limit in bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const bytes = Buffer.from(text);
      assert.equal(secretText(bytes, bytes.length), text);
      if (bytes.length > 0) assert.equal(secretText(bytes, bytes.length - 1), undefined);
    }),
  );
  assert.equal(secretText(Buffer.from("\ufeffx"), 10), "\ufeffx", "a byte order mark is a part of it");
});

test("what is not UTF-8 is no text", () => {
  for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]]) {
    assert.equal(secretText(Uint8Array.from(bytes), 10), undefined);
  }
});
