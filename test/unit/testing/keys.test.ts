import assert from "node:assert/strict";
import test from "node:test";
import { KeyDecoder } from "../../../src/terminal/index.ts";
import { bytesOfChord, bytesOfPaste } from "../../../src/testing/keys.ts";
import { TestingError } from "../../../src/testing/index.ts";

const NORMAL = { applicationCursorKeysMode: false, bracketedPasteMode: false };
const SPECIAL = { applicationCursorKeysMode: true, bracketedPasteMode: true };

const rows: readonly (readonly [chord: string, bytes: string, application?: string])[] = [
  ["a", "a"],
  ["shift+a", "A"],
  ["é", "é"],
  ["👍🏽", "👍🏽"],
  ["+", "+"],
  ["alt++", "\x1b+"],
  ["ctrl+c", "\x03"],
  ["Ctrl+C", "\x03"],
  ["ctrl+[", "\x1b"],
  ["ctrl+?", "\x7f"],
  ["ctrl+space", "\0"],
  ["ctrl+alt+x", "\x1b\x18"],
  ["alt+f", "\x1bf"],
  ["alt+shift+f", "\x1bF"],
  ["alt+enter", "\x1b\r"],
  ["enter", "\r"],
  ["return", "\r"],
  ["tab", "\t"],
  ["shift+tab", "\x1b[Z"],
  ["escape", "\x1b"],
  ["backspace", "\x7f"],
  ["space", " "],
  ["up", "\x1b[A", "\x1bOA"],
  ["home", "\x1b[H", "\x1bOH"],
  ["ctrl+left", "\x1b[1;5D"],
  ["shift+alt+right", "\x1b[1;4C"],
  ["f1", "\x1bOP"],
  ["shift+f1", "\x1b[1;2P"],
  ["f12", "\x1b[24~"],
  ["delete", "\x1b[3~"],
  ["ctrl+pageup", "\x1b[5;5~"],
];

for (const [chord, bytes, application = bytes] of rows) {
  test(`the key ${chord} is what a terminal sends`, () => {
    assert.equal(bytesOfChord(chord, NORMAL), bytes);
    assert.equal(bytesOfChord(chord, SPECIAL), application);
  });
}

test("what is sent for a special key is that key to the server's decoder", () => {
  for (const name of [
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "insert",
    "delete",
    "pageup",
    "pagedown",
    "f1",
    "f12",
  ]) {
    const [event] = new KeyDecoder().decode(Buffer.from(bytesOfChord(name, NORMAL)));
    assert.ok(event?.type === "key" && event.name === name, name);
  }
});

for (const chord of [
  "",
  "ctrl",
  "hyper+a",
  "ab",
  "f13",
  "ctrl+ü",
  "ctrl+enter",
  "shift+escape",
  "ctrl+1",
  "constructor",
  "toString+a",
]) {
  test(`there is no key ${JSON.stringify(chord)}, and the message says which there are`, () => {
    assert.throws(
      () => bytesOfChord(chord, NORMAL),
      (error: unknown) =>
        error instanceof TestingError && error.code === "BAD_ARGUMENT" && error.message.includes(chord),
    );
  });
}

test("a paste is marked when the app has asked for it, cannot end itself, and its newlines are Enter", () => {
  assert.equal(bytesOfPaste("a\nb\r\nc", NORMAL), "a\rb\rc");
  assert.equal(bytesOfPaste("a\nb\x1b[201~c", SPECIAL), "\x1b[200~a\rb[201~c\x1b[201~");
});
