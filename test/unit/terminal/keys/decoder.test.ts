import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { KeyDecoder } from "../../../../src/terminal/keys/decoder.ts";
import type { KeyEvent } from "../../../../src/terminal/keys/key.ts";
import { bytes, cuts, decode, short, shorts } from "./decode.ts";

test("a typed character is a key with its text", () => {
  assert.deepEqual(decode("a"), [
    { type: "key", name: "a", text: "a", ctrl: false, alt: false, shift: false, sequence: "a" },
  ]);
  assert.deepEqual(decode("A "), [
    { type: "key", name: "a", text: "A", ctrl: false, alt: false, shift: true, sequence: "A" },
    { type: "key", name: "space", text: " ", ctrl: false, alt: false, shift: false, sequence: " " },
  ]);
});

test("grapheme clusters stay whole", () => {
  assert.deepEqual(shorts("ü👍🏽e\u0301👩‍👩‍👧🇩🇪"), ['"ü"', '"👍🏽"', '"e\u0301"', '"👩‍👩‍👧"', '"🇩🇪"']);
});

for (const [sequence, key] of [
  ["\r", "return"],
  ["\n", "enter"],
  ["\t", "tab"],
  ["\x7f", "backspace"],
  ["\x08", "backspace"],
  ["\0", "ctrl+space"],
  ["\x01", "ctrl+a"],
  ["\x1a", "ctrl+z"],
  ["\x1c", "ctrl+\\"],
  ["\x1f", "ctrl+_"],
  ["\x1b[A", "up"],
  ["\x1bOA", "up"],
  ["\x1b[B", "down"],
  ["\x1b[C", "right"],
  ["\x1bOD", "left"],
  ["\x1b[H", "home"],
  ["\x1bOF", "end"],
  ["\x1b[1~", "home"],
  ["\x1b[4~", "end"],
  ["\x1b[7~", "home"],
  ["\x1b[8~", "end"],
  ["\x1b[2~", "insert"],
  ["\x1b[3~", "delete"],
  ["\x1b[5~", "pageup"],
  ["\x1b[6~", "pagedown"],
  ["\x1b[E", "clear"],
  ["\x1bOP", "f1"],
  ["\x1b[11~", "f1"],
  ["\x1b[[A", "f1"],
  ["\x1b[[E", "f5"],
  ["\x1b[15~", "f5"],
  ["\x1b[24~", "f12"],
  ["\x1b[34~", "f20"],
  ["\x1b[Z", "shift+tab"],
  ["\x1b[1;5C", "ctrl+right"],
  ["\x1b[1;3D", "alt+left"],
  ["\x1b[1;2A", "shift+up"],
  ["\x1b[1;9B", "alt+down"],
  ["\x1b[1;8H", "ctrl+alt+shift+home"],
  ["\x1b[3;5~", "ctrl+delete"],
  ["\x1b[1;5P", "ctrl+f1"],
  ["\x1b[1;2R", "shift+f3"],
  ["\x1b[5C", "ctrl+right"],
  ["\x1bO5C", "ctrl+right"],
  ["\x1bOd", "ctrl+left"],
  ["\x1b[a", "shift+up"],
  ["\x1b[3$", "shift+delete"],
  ["\x1b[3^", "ctrl+delete"],
  ["\x1b[3@", "ctrl+shift+delete"],
  ["\x1bOM", "return"],
  ["\x1bOk", '"+"'],
  ["\x1bOp", '"0"'],
  ["\x1ba", "alt+a"],
  ["\x1bB", "alt+shift+b"],
  ["\x1bü", "alt+ü"],
  ["\x1b\x7f", "alt+backspace"],
  ["\x1b\r", "alt+return"],
  ["\x1b\x01", "ctrl+alt+a"],
  ["\x1b\x1b[A", "alt+up"],
  ["\x1b\x1bOC", "alt+right"],
] as const) {
  test(`${JSON.stringify(sequence)} is the key ${key}, however it is cut`, () => {
    const whole = decode(sequence);
    assert.deepEqual(whole.map(short), [key]);
    assert.equal(whole[0]?.type === "key" && whole[0].sequence, sequence);
    for (const cut of cuts(bytes(sequence))) assert.deepEqual(decode(...cut), whole);
  });
}

test("CR LF is one Enter, also when it is cut in two", () => {
  assert.deepEqual(shorts("a\r\nb"), ['"a"', "return", '"b"']);
  assert.deepEqual(shorts("\r", "\n\n"), ["return", "enter"]);
});

test("a lone Escape waits until it is flushed", () => {
  const decoder = new KeyDecoder();
  assert.equal(decoder.pending, false);
  assert.deepEqual(decoder.decode(bytes("a\x1b")).map(short), ['"a"']);
  assert.equal(decoder.pending, true);
  assert.deepEqual(decoder.flush().map(short), ["escape"]);
  assert.equal(decoder.pending, false);
  assert.deepEqual(decoder.flush(), []);
  assert.deepEqual(decoder.decode(bytes("[A")).map(short), ['"["', '"A"']);
});

for (const [sequence, keys] of [
  ["\x1b\x1b", ["escape", "escape"]],
  ["\x1b[", ["alt+["]],
  ["\x1bO", ["alt+shift+o"]],
  ["\x1b]", ["alt+]"]],
  ["\x1b\x1b[", ["escape", "alt+["]],
  ["\x1b]11;\x1b", ["escape"]],
] as const) {
  test(`${JSON.stringify(sequence)} is pending, and flushed it is ${keys.join(", ")}`, () => {
    const decoder = new KeyDecoder();
    assert.deepEqual(decoder.decode(bytes(sequence)), []);
    assert.equal(decoder.pending, true);
    assert.deepEqual(decoder.flush().map(short), keys);
    assert.deepEqual(decoder.decode(bytes("x")).map(short), ['"x"']);
  });
}

test("a sequence that a slow link cuts after its beginning is not broken up by a flush", () => {
  const decoder = new KeyDecoder();
  decoder.decode(bytes("\x1b[1;5"));
  assert.equal(decoder.pending, false);
  assert.deepEqual(decoder.flush(), []);
  assert.deepEqual(decoder.decode(bytes("C")).map(short), ["ctrl+right"]);
});

test("Escape followed by Escape and a letter is Escape, then Alt with the letter", () => {
  assert.deepEqual(shorts("\x1b\x1bx"), ["escape", "alt+x"]);
});

test("what is not UTF-8 becomes U+FFFD, as the WHATWG decoder does it", () => {
  const invalid = Uint8Array.of(0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82, 0x62, 0xed, 0xa0, 0x80);
  const texts = decode(invalid).map((event) => (event.type === "key" ? event.text : ""));
  assert.equal(texts.join(""), new TextDecoder().decode(invalid));
});

test("a character cut off by a control character does not take it along", () => {
  assert.deepEqual(shorts(Uint8Array.of(0xe2, 0x82), "\r"), ['"\ufffd"', "return"]);
});

test("C1 control characters are no text", () => {
  assert.deepEqual(shorts("\u009b1m"), ['?"\u009b"', '"1"', '"m"']);
});

test("bracketed paste is one event, and nothing in it is a key", () => {
  assert.deepEqual(decode("\x1b[200~rm -rf /\r\x1b[A\x03\x1b[20\x1b[201~x"), [
    { type: "paste", text: "rm -rf /\r\x1b[A\x03\x1b[20", last: true },
    { type: "key", name: "x", text: "x", ctrl: false, alt: false, shift: false, sequence: "x" },
  ]);
  assert.deepEqual(shorts("\x1b[200~\x1b[201~"), ["<>"]);
});

test("the end of a paste alone is no key", () => {
  assert.deepEqual(shorts("\x1b[201~a"), ['?"\\u001b[201~"', '"a"']);
});

test("a large paste comes in pieces of at most 16 KiB that cut no character and no CR LF", () => {
  for (const unit of ["字", "\r\n", "a"]) {
    for (const shift of ["", "a"]) {
      const text = shift + unit.repeat(1_000_000 / unit.length);
      const events = decode(`\x1b[200~${text}\x1b[201~`);
      const pieces = events.map((event) => (event.type === "paste" ? event.text : ""));
      assert.equal(pieces.join("") === text, true);
      assert.ok(pieces.every((piece) => Buffer.byteLength(piece) <= 16 * 1024));
      assert.ok(!pieces.some((piece) => piece.endsWith("\r") || piece.startsWith("\n")));
      assert.deepEqual(
        events.map((event) => event.type === "paste" && event.last),
        events.map((_, index) => index === events.length - 1),
      );
    }
  }
});

for (const sequence of [
  "\x1b]52;c;w7w=\x1b\\",
  "\x1b]0;a title\x07",
  "\x1bP1+r524742=382f382f38\x1b\\",
  "\x1b^private\x1b\\",
  "\x1b[?997;1n",
  "\x1b[1;5Y",
  "\x1b[=1c",
  "\x1b[ q",
]) {
  test(`${JSON.stringify(sequence)} is one unknown sequence, and types nothing`, () => {
    assert.deepEqual(shorts(`${sequence}a`), [`?${JSON.stringify(sequence)}`, '"a"']);
  });
}

test("a sequence broken off by a control character does not swallow it", () => {
  assert.deepEqual(shorts("\x1b[1;\r"), ['?"\\u001b[1;"', "return"]);
  assert.deepEqual(shorts("\x1b]0;title\r"), ["return"]);
  assert.deepEqual(shorts("\x1b]0;title\x1b[A"), ["up"]);
});

test("sequences without end are dropped, not kept", () => {
  assert.deepEqual(shorts(`\x1b[${"1;".repeat(100_000)}~a`), ['"a"']);
  assert.deepEqual(shorts(`\x1b]${"x".repeat(100_000)}\x07a`), ['"a"']);
  const strings = decode(`\x1b]${"x".repeat(1022)}\x07`, `\x1b]${"x".repeat(1023)}\x07`);
  assert.equal(strings.length, 1);
});

test("the bytes given may be used again once they are decoded", () => {
  const decoder = new KeyDecoder();
  const chunk = Buffer.from("\x1b[1;5");
  decoder.decode(chunk);
  chunk.fill(0);
  assert.deepEqual(decoder.decode(bytes("D")).map(short), ["ctrl+left"]);
});

const piece = fc
  .oneof(
    fc.constantFrom(
      "\x1b[A",
      "\x1bOB",
      "\x1b[1;5C",
      "\x1b[3~",
      "\x1b[[C",
      "\x1b[5$",
      "\x1b[M !!",
      "\x1b\x1b[D",
      "\x1b\x1b",
      "\x1b[97:65;2:3;65u",
      "\x1b[27;5;9~",
      "\x1b[<35;1;1M",
      "\x1b[I",
      "\x1b[1;5R",
      "\x1b[?2026;2$y",
      "\x1b]11;rgb:0/0/0\x07",
      "\x1bP>|XTerm(390)\x1b\\",
      "\x1b_Gi=31;OK\x1b\\",
    ),
    fc.constantFrom(
      "\x1b[200~",
      "\x1b[201~",
      "\x1b[20",
      "\x1b[",
      "\x1bO",
      "\x1b]0;t",
      "\x07",
      "\x1b\\",
      "\x1bP1",
      "\x1b",
    ),
    fc.constantFrom("\r", "\n", "\r\n", "\x03", "\x7f", "\0", `\x1b[${"1".repeat(250)}`, `\x1b]${"x".repeat(1020)}`),
    fc.constantFrom("a", "ü", "字", "👍", " ", "$", "~", "[", "M", "\u009b"),
  )
  .map((text) => Buffer.from(text));
const anything = fc.oneof(
  piece,
  piece,
  piece,
  fc.uint8Array({ maxLength: 4 }).map((noise) => Buffer.from(noise)),
);

test("however the input is cut, the keys are the same", () => {
  const input = fc.array(anything, { maxLength: 30 }).map((pieces) => Buffer.concat(pieces));
  fc.assert(
    fc.property(input, fc.array(fc.nat(4000), { maxLength: 20 }), (input, cuts) => {
      const offsets = [0, ...cuts.map((cut) => cut % (input.length + 1)).sort((a, b) => a - b), input.length];
      const chunks = offsets.slice(1).map((end, index) => input.subarray(offsets[index], end));
      assert.deepEqual(joined(decode(...chunks)), joined(decode(input)));
      assert.deepEqual(joined(decode(...Array.from(input, (byte) => Uint8Array.of(byte)))), joined(decode(input)));
    }),
    { numRuns: 3000 },
  );
});

/** Noise may join into clusters, which come in parts when they are cut: neighbouring text is taken together. */
function joined(events: KeyEvent[]): unknown[] {
  const all: unknown[] = [];
  let text = "";
  for (const event of events) {
    if (event.type === "key" && event.text !== "") {
      text += event.text;
      continue;
    }
    if (text !== "") all.push(text);
    text = "";
    all.push(event);
  }
  return [...all, text];
}
