import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { LineEditor } from "../../../../src/terminal/editor/editor.ts";
import { KeyDecoder } from "../../../../src/terminal/keys/decoder.ts";
import { bytes, cuts, decode, short, shorts } from "./decode.ts";

for (const [sequence, key] of [
  // Disambiguated: what has always been one and the same byte.
  ["\x1b[27u", "escape"],
  ["\x1b[27;5u", "ctrl+escape"],
  ["\x1b[9u", "tab"],
  ["\x1b[9;2u", "shift+tab"],
  ["\x1b[105;5u", "ctrl+i"],
  ["\x1b[109;5u", "ctrl+m"],
  ["\x1b[13;2u", "shift+return"],
  ["\x1b[13;5u", "ctrl+return"],
  ["\x1b[127;5u", "ctrl+backspace"],
  ["\x1b[104;5u", "ctrl+h"],
  ["\x1b[91;5u", "ctrl+["],
  ["\x1b[97;5u", "ctrl+a"],
  ["\x1b[97;6u", "ctrl+shift+a"],
  ["\x1b[97;3u", "alt+a"],
  ["\x1b[32;5u", "ctrl+space"],
  ["\x1b[97;9u", "super+a"],
  ["\x1b[97;17u", "super+a"],
  ["\x1b[97;33u", "alt+a"],
  ["\x1b[97;69u", "ctrl+a"],
  ["\x1b[97;133u", "ctrl+a"],
  ["\x1b[97;256u", "super+ctrl+alt+shift+a"],
  // Event types.
  ["\x1b[97;5:1u", "ctrl+a"],
  ["\x1b[97;5:2u", "ctrl+a repeat"],
  ["\x1b[97;1:3u", "a release"],
  ["\x1b[27;1:3u", "escape release"],
  ["\x1b[1;1:3A", "up release"],
  ["\x1b[1;5:2C", "ctrl+right repeat"],
  ["\x1b[3;1:3~", "delete release"],
  ["\x1b[1;9:1B", "super+down"],
  ["\x1b[1;65A", "up"],
  ["\x1b[1;73A", "super+up"],
  // All keys as sequences, with and without their text.
  ["\x1b[97u", '"a"'],
  ["\x1b[97;2u", '"A"'],
  ["\x1b[97:65;2u", '"A"'],
  ["\x1b[49:33;2u", '"!"'],
  ["\x1b[97;65u", '"A"'],
  ["\x1b[97;66u", '"a"'],
  ["\x1b[223;2u", '"ß"'],
  ["\x1b[32;2u", '" "'],
  ["\x1b[97;2;65u", '"A"'],
  ["\x1b[97;3;229u", '"å"'],
  ["\x1b[97;1:2;97u", '"a" repeat'],
  ["\x1b[97;1:3;97u", "a release"],
  ["\x1b[13;;13u", "return"],
  ["\x1b[0;;128105:8205:128103u", '"👩‍👧"'],
  ["\x1b[228;;228u", '"ä"'],
  ["\x1b[57399u", '"0"'],
  ["\x1b[57410;5u", "ctrl+/"],
  ["\x1b[57414u", "return"],
  ["\x1b[57417u", "left"],
  ["\x1b[57427u", "clear"],
  ["\x1b[57427~", '?"\\u001b[57427~"'],
  ["\x1b[13~", "f3"],
  ["\x1b[57376u", "f13"],
  ["\x1b[57398u", "f35"],
  ["\x1b[57363u", "menu"],
  ["\x1b[57428u", "mediaplay"],
  ["\x1b[57440u", "mutevolume"],
  ["\x1b[57441;2u", "shift+leftshift"],
  ["\x1b[57442;1:3u", "leftcontrol release"],
  ["\x1b[57454u", "isolevel5shift"],
  // A layout without Latin letters: a shortcut goes by the key's place.
  ["\x1b[1089::99;5u", "ctrl+c"],
  ["\x1b[1089::99u", '"с"'],
  // xterm's modifyOtherKeys, in both formats.
  ["\x1b[27;5;9~", "ctrl+tab"],
  ["\x1b[27;2;13~", "shift+return"],
  ["\x1b[27;5;105~", "ctrl+i"],
  ["\x1b[27;6;65~", "ctrl+shift+a"],
  ["\x1b[27;2;33~", '"!"'],
  ["\x1b[27;2;65~", '"A"'],
  ["\x1b[27;8;44~", "ctrl+alt+shift+,"],
  ["\x1b[65;6u", "ctrl+shift+a"],
  // With the ESC of rxvt's Alt in front.
  ["\x1b\x1b[97;5u", "ctrl+alt+a"],
] as const) {
  test(`${JSON.stringify(sequence)} is ${key}, however it is cut`, () => {
    const whole = decode(sequence);
    assert.deepEqual(whole.map(short), [key]);
    assert.equal(whole[0]?.type !== "paste" && whole[0]?.sequence, sequence);
    for (const cut of cuts(bytes(sequence))) assert.deepEqual(decode(...cut), whole);
  });
}

test("a capital is Shift and its key, by whatever protocol it comes", () => {
  for (const sequence of ["A", "\x1b[97;2u", "\x1b[97:65;2u", "\x1b[97;2;65u", "\x1b[27;2;65~", "\x1b[65;2u"]) {
    assert.deepEqual(
      decode(sequence).map((event) => ({ ...event, sequence: "" })),
      [{ type: "key", name: "a", text: "A", ctrl: false, alt: false, shift: true, sequence: "" }],
    );
  }
});

test("what an input method makes of several keys is text in one piece", () => {
  assert.deepEqual(decode("\x1b[0;;28450:23383u"), [{ type: "paste", text: "漢字", last: true }]);
});

for (const sequence of [
  "\x1b[u",
  "\x1b[0u",
  "\x1b[0;;27u",
  "\x1b[1u",
  "\x1b[155u",
  "\x1b[55296u",
  "\x1b[57344u",
  "\x1b[1114112u",
  "\x1b[99999999999999999999u",
  "\x1b[97;257u",
  "\x1b[97;1:4u",
  "\x1b[97;1;97;1u",
  "\x1b[27;5;0~",
  "\x1b[27;5;1~",
  "\x1b[1;257A",
  "\x1b[1;1:9A",
]) {
  test(`${JSON.stringify(sequence)} is no key, and types nothing`, () => {
    assert.deepEqual(shorts(sequence, "x"), [`?${JSON.stringify(sequence)}`, '"x"']);
  });
}

test("control characters in the text of a key are left out", () => {
  assert.deepEqual(shorts("\x1b[97;;97:10:27u"), ['"a"']);
});

test("whatever the numbers are, no text has a control character, and each name is one", () => {
  const number = fc.oneof(fc.nat(300), fc.nat(0x11_0000), fc.integer({ min: 57_300, max: 57_500 }), fc.constant(""));
  const parameter = fc.array(number, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(":"));
  const parameters = fc.array(parameter, { maxLength: 4 }).map((all) => all.join(";"));
  fc.assert(
    fc.property(parameters, fc.constantFrom("u", "~", "A", "R"), (parameters, final) => {
      const events = decode(`\x1b[${parameters}${final}`);
      assert.equal(events.length, 1);
      for (const event of events) {
        if (event.type !== "key") continue;
        assert.match(event.name, /^[^\p{Cc}\p{Cs}]+$/u);
        assert.match(event.text, /^[^\p{Cc}\p{Cs}]*$/u);
        if (event.event === "release") assert.equal(event.text, "");
      }
    }),
    { numRuns: 3000 },
  );
});

function edit(...chunks: string[]): { line: string | undefined; text: string } {
  const decoder = new KeyDecoder();
  const editor = new LineEditor({ write: () => undefined, columns: 80, rows: 24 });
  editor.prompt("> ");
  let line: string | undefined;
  for (const chunk of chunks) {
    for (const event of decoder.decode(bytes(chunk))) {
      const outcome = editor.key(event);
      if (outcome?.type === "done") line = outcome.value;
    }
  }
  return { line, text: editor.text };
}

test("the editor edits with keys of the kitty protocol as with any other", () => {
  assert.equal(edit("\x1b[97u\x1b[98;2;66u", "\x1b[99;;99u", "\x1b[127u").text, "aB");
  assert.equal(edit("abc", "\x1b[97;5u", "x").text, "xabc");
  assert.equal(edit("abc", "\x1b[1;1:1D", "x").text, "abxc");
  assert.equal(edit("abc", "\x1b[13u").line, "abc");
});

test("keys that are let go, and Super with a key, do nothing in the editor", () => {
  assert.equal(edit("abc\x1b[127;1:3u\x1b[13;1:3u\x1b[97;1:3u\x1b[1;1:3D").text, "abc");
  assert.equal(edit("abc\x1b[97;9u\x1b[1;9:1D\x1b[107;13u", "d").text, "abcd");
});
