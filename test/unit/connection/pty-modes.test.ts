import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { readPtyModes } from "../../../src/connection/pty-modes.ts";

const modes = (hex: string): object => Object.fromEntries(readPtyModes(Buffer.from(hex.replaceAll(" ", ""), "hex")));

test("modes are told by their names in RFC 4254 §8, with their values", () => {
  const encoded = "03 0000007f 35 00000001 2a 00000000 80 00009600 81 00009600 01 ffffffff 00";
  assert.deepEqual(modes(encoded), {
    VERASE: 127,
    ECHO: 1,
    IUTF8: 0,
    TTY_OP_ISPEED: 38400,
    TTY_OP_OSPEED: 38400,
    VINTR: 0xffffffff,
  });
});

test("the list ends at TTY_OP_END", () => {
  assert.deepEqual(modes("35 00000001 00 36 00000001"), { ECHO: 1 });
});

test("the list ends at an opcode without a name, which may have another kind of argument", () => {
  assert.deepEqual(modes("35 00000001 a0 36 00000001"), { ECHO: 1 });
  assert.deepEqual(modes("35 00000001 13 00000001 36 00000001"), { ECHO: 1 });
  assert.deepEqual(modes("ff ffffffff ffffffff"), {});
});

test("the list ends where its bytes do", () => {
  assert.deepEqual(modes(""), {});
  assert.deepEqual(modes("35"), {});
  assert.deepEqual(modes("35 00000001 36 000001"), { ECHO: 1 });
});

test("of a mode that comes twice the last value counts", () => {
  assert.deepEqual(modes("35 00000001 35 00000000 00"), { ECHO: 0 });
});

test("any bytes give names of the table and uint32 values", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1024 }), (bytes) => {
      for (const [name, value] of readPtyModes(bytes)) {
        assert.match(name, /^[A-Z_0-9]+$/);
        assert.ok(value >= 0 && value <= 0xffffffff);
      }
    }),
  );
});
