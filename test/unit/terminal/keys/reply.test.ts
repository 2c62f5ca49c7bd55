import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, cuts, decode, shorts } from "./decode.ts";

for (const [sequence, answer] of [
  ["\x1b[?62;4;22c", { about: "attributes", values: [62, 4, 22] }],
  ["\x1b[?6c", { about: "attributes", values: [6] }],
  ["\x1b[>1;10;0c", { about: "model", values: [1, 10, 0] }],
  ["\x1bP>|XTerm(390)\x1b\\", { about: "version", text: "XTerm(390)" }],
  ["\x1bP>|\x07", { about: "version", text: "" }],
  ["\x1b[?2026;2$y", { about: "mode", mode: 2026, setting: 2 }],
  ["\x1b]10;rgb:ffff/ffff/ffff\x1b\\", { about: "colour", of: "text", red: 255, green: 255, blue: 255 }],
  ["\x1b]11;rgb:1e1e/0000/8080\x07", { about: "colour", of: "background", red: 30, green: 0, blue: 128 }],
  ["\x1b]12;rgba:f/8/0/f\x07", { about: "colour", of: "cursor", red: 255, green: 136, blue: 0 }],
  ["\x1b[?5u", { about: "keyboard", flags: 5 }],
  ["\x1b[24;80R", { about: "cursor", x: 79, y: 23 }],
  ["\x1b[1;1R", { about: "cursor", x: 0, y: 0 }],
  ["\x1b[1;17R", { about: "cursor", x: 16, y: 0 }],
  ["\x1b[2;5R", { about: "cursor", x: 4, y: 1 }],
  ["\x1b[?1;5R", { about: "cursor", x: 4, y: 0 }],
  ["\x1b[?3;5;1R", { about: "cursor", x: 4, y: 2 }],
  ["\x1b[8;24;80t", { about: "size", of: "cells", width: 80, height: 24 }],
  ["\x1b[4;600;800t", { about: "size", of: "pixels", width: 800, height: 600 }],
  ["\x1b[6;20;10t", { about: "size", of: "cell", width: 10, height: 20 }],
  ["\x1bP1$r0;38:2:1:2:3m\x1b\\", { about: "setting", text: "0;38:2:1:2:3m" }],
  ["\x1bP0$r\x1b\\", { about: "setting", text: undefined }],
  ["\x1b_Gi=31;OK\x1b\\", { about: "graphics", image: 31, text: "OK" }],
  ["\x1b_GI=1,i=7;ENOENT:no such image\x1b\\", { about: "graphics", image: 7, text: "ENOENT:no such image" }],
] as const) {
  test(`${JSON.stringify(sequence)} is an answer about ${answer.about}, however it is cut`, () => {
    const whole = decode(sequence);
    assert.deepEqual(whole, [{ type: "reply", ...answer, sequence }]);
    assert.deepEqual(decode(`${sequence}x`).length, 2);
    for (const cut of cuts(bytes(sequence))) assert.deepEqual(decode(...cut), whole);
  });
}

test("in the first row, columns 2 to 16, what may be F3 with modifiers is F3", () => {
  assert.deepEqual(shorts("\x1b[1;2R", "\x1b[1;5R", "\x1b[1;16R"), ["shift+f3", "ctrl+f3", "ctrl+alt+shift+f3"]);
  assert.deepEqual(shorts("\x1b[R", "\x1b[5R"), ["f3", "ctrl+f3"]);
});

test("the Escape key and then an answer are both", () => {
  const [key, reply] = decode("\x1b\x1b[?62c");
  assert.equal(key?.type === "key" && key.name, "escape");
  assert.deepEqual(reply, { type: "reply", about: "attributes", values: [62], sequence: "\x1b[?62c" });
});

for (const sequence of [
  "\x1b[?2026$y",
  "\x1b[?u",
  "\x1b[0;5R",
  "\x1b[5;24;80t",
  "\x1b[8;24t",
  "\x1b]11;?\x07",
  "\x1b]11;rgb:12345/0/0\x07",
  "\x1b]13;rgb:0/0/0\x07",
  "\x1b]11;red\x07",
  "\x1b_Gi=;OK\x1b\\",
  "\x1bP2$r\x1b\\",
]) {
  test(`${JSON.stringify(sequence)} is no answer, and types nothing`, () => {
    assert.deepEqual(shorts(sequence, "x"), [`?${JSON.stringify(sequence)}`, '"x"']);
  });
}
