import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { AuthError } from "../../../../src/auth/index.ts";
import { parseKeyLines } from "../../../../src/auth/revocation/key-lines.ts";
import { fixture, fixtureKey } from "../attempt.ts";

const ada = fixtureKey("ada");
const parse = (text: string) => parseKeyLines(Buffer.from(text));

test("lines of .pub files are read, with comments, empty lines and either end of line", () => {
  const list = parse(`# gone\r\n\r\n${String(ada)} ada@example\r\n  ${String(fixtureKey("ada-rsa"))}\n`);
  assert.equal(list.hasKey(ada.blob), true);
  assert.equal(list.hasKey(fixtureKey("ada-rsa").blob), true);
  assert.equal(list.hasKey(fixtureKey("bob").blob), false);
});

test("a certificate in the list revokes its key", () => {
  assert.equal(parse(fixture("serial-5-cert.pub")).hasKey(ada.blob), true);
});

test("a key that is too small to be used may be listed: no other line is lost with it", () => {
  const list = parse(`ssh-dss AAAAB3NzaC1kc3MAAAAA\n${String(ada)}`);
  assert.equal(list.hasKey(ada.blob), true);
});

test("a line that is no key is named, and with it the list is refused: it might be the one that matters", () => {
  const lines = [
    "ssh-ed25519",
    "ssh-ed25519 AAAA",
    `${String(ada)}!`,
    String(ada).slice(0, -4),
    `no-pty ${String(ada)}`,
    "x y",
    `ssh-rsa ${String(ada).split(" ")[1]}`,
  ];
  for (const line of lines) {
    assert.throws(
      () => parse(`${String(ada)}\n${line}`),
      { code: "BAD_REVOCATIONS", message: /^line 2: a revocation list cannot be used/ },
      line,
    );
  }
});

test("a byte changed in a list gives the same list with another comment, or none, or one with another key", () => {
  const text = Buffer.from(`${String(ada)} c\n`);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(text);
      changed[at] = byte;
      try {
        parseKeyLines(changed);
      } catch (error) {
        assert.ok(error instanceof AuthError);
      }
    }),
  );
});
