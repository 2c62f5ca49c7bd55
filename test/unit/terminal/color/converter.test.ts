import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import { ColorConverter } from "../../../../src/terminal/color/converter.ts";
import type { ShownDepth } from "../../../../src/terminal/color/sgr.ts";

const DEPTHS: readonly ShownDepth[] = [0, 1, 4, 8];

function convert(text: string, depth: ShownDepth): string {
  const converter = new ColorConverter(depth);
  return converter.text(text) + converter.release();
}

/** What comes in, and what a terminal of 256, 16, no colours gets, and a dumb one. */
const table: readonly (readonly [title: string, input: string, on8: string, on4: string, on1: string, on0: string])[] =
  [
    ["text", "a\r\nb", "a\r\nb", "a\r\nb", "a\r\nb", "a\r\nb"],
    ["a reset", "\x1b[m\x1b[0m", "\x1b[m\x1b[0m", "\x1b[m\x1b[0m", "\x1b[m\x1b[0m", ""],
    ["attributes", "\x1b[1;3;4mx\x1b[22m", "\x1b[1;3;4mx\x1b[22m", "\x1b[1;3;4mx\x1b[22m", "\x1b[1;3;4mx\x1b[22m", "x"],
    ["a wavy underline", "\x1b[4:3m", "\x1b[4:3m", "\x1b[4:3m", "\x1b[4:3m", ""],
    ["the first eight", "\x1b[1;31;42m", "\x1b[1;31;42m", "\x1b[1;31;42m", "\x1b[1m", ""],
    ["bright ones", "\x1b[91;104m", "\x1b[91;104m", "\x1b[91;104m", "", ""],
    ["the defaults", "\x1b[39;49m", "\x1b[39;49m", "\x1b[39;49m", "", ""],
    ["an index below 8", "\x1b[38;5;3m", "\x1b[38;5;3m", "\x1b[33m", "", ""],
    ["an index below 16", "\x1b[48;5;12m", "\x1b[48;5;12m", "\x1b[104m", "", ""],
    ["an index of the cube", "\x1b[38;5;196m", "\x1b[38;5;196m", "\x1b[91m", "", ""],
    ["red, green, blue", "\x1b[38;2;255;0;0m", "\x1b[38;5;196m", "\x1b[91m", "", ""],
    ["a background", "\x1b[48;2;0;0;95m", "\x1b[48;5;17m", "\x1b[44m", "", ""],
    [
      "both, and bold",
      "\x1b[1;38;2;255;255;255;48;2;0;0;0m",
      "\x1b[1;38;5;231;48;5;16m",
      "\x1b[1;97;40m",
      "\x1b[1m",
      "",
    ],
    ["with colons", "\x1b[38:2::255:0:0m", "\x1b[38;5;196m", "\x1b[91m", "", ""],
    [
      "with colons, a colour space and a tolerance",
      "\x1b[38:2:1:255:0:0:0:1;1m",
      "\x1b[38;5;196;1m",
      "\x1b[91;1m",
      "\x1b[1m",
      "",
    ],
    ["with colons, without a colour space", "\x1b[38:2:255:0:0m", "\x1b[38;5;196m", "\x1b[91m", "", ""],
    ["an index with colons", "\x1b[48:5:21m", "\x1b[48;5;21m", "\x1b[44m", "", ""],
    [
      "the colour of underlines",
      "\x1b[4;58;2;255;0;0mx\x1b[59m",
      "\x1b[4;58;5;196mx\x1b[59m",
      "\x1b[4mx",
      "\x1b[4mx",
      "x",
    ],
    ["a level above 255", "\x1b[38;2;999;0;0m", "\x1b[38;5;196m", "\x1b[91m", "", ""],
    ["empty parameters", "\x1b[38;2;;;m", "\x1b[38;5;16m", "\x1b[30m", "", ""],
    ["a colour that is cut short", "\x1b[1;38;2;5m", "\x1b[1m", "\x1b[1m", "\x1b[1m", ""],
    ["a kind of colour that nobody has", "\x1b[38;9;1m", "\x1b[1m", "\x1b[1m", "\x1b[1m", ""],
    ["38 alone", "\x1b[38m", "\x1b[38m", "", "", ""],
    [
      "what only ends like it",
      "\x1b[>4;2m\x1b[?4m\x1b[1 m",
      "\x1b[>4;2m\x1b[?4m\x1b[1 m",
      "\x1b[>4;2m\x1b[?4m\x1b[1 m",
      "\x1b[>4;2m\x1b[?4m\x1b[1 m",
      "\x1b[>4;2m\x1b[?4m\x1b[1 m",
    ],
    [
      "other sequences",
      "\x1b[2J\x1b[5;5H\x1b7\x1bM",
      "\x1b[2J\x1b[5;5H\x1b7\x1bM",
      "\x1b[2J\x1b[5;5H\x1b7\x1bM",
      "\x1b[2J\x1b[5;5H\x1b7\x1bM",
      "\x1b[2J\x1b[5;5H\x1b7\x1bM",
    ],
    [
      "one that another breaks off",
      "\x1b[38;2\x1b[38;5;196m",
      "\x1b[38;2\x1b[38;5;196m",
      "\x1b[38;2\x1b[91m",
      "\x1b[38;2",
      "\x1b[38;2",
    ],
    [
      "a link",
      "\x1b]8;;http://a/\x1b\\b\x1b]8;;\x07c",
      "\x1b]8;;http://a/\x1b\\b\x1b]8;;\x07c",
      "\x1b]8;;http://a/\x1b\\b\x1b]8;;\x07c",
      "\x1b]8;;http://a/\x1b\\b\x1b]8;;\x07c",
      "bc",
    ],
    ["a title", "\x1b]2;8;\x07", "\x1b]2;8;\x07", "\x1b]2;8;\x07", "\x1b]2;8;\x07", "\x1b]2;8;\x07"],
    [
      "a link that a newline breaks off",
      "\x1b]8;;http\nb",
      "\x1b]8;;http\nb",
      "\x1b]8;;http\nb",
      "\x1b]8;;http\nb",
      "\nb",
    ],
    [
      "a link that an escape breaks off",
      "\x1b]8;;http\x1b[1mb",
      "\x1b]8;;http\x1b[1mb",
      "\x1b]8;;http\x1b[1mb",
      "\x1b]8;;http\x1b[1mb",
      "b",
    ],
  ];

for (const [title, input, ...outputs] of table) {
  test(`${title}: for 256, 16 and no colours, and for a dumb terminal`, () => {
    assert.deepEqual(
      [8, 4, 1, 0].map((depth) => convert(input, depth as ShownDepth)),
      outputs,
    );
  });

  test(`${title}: the same wherever it is cut, as text and as bytes`, () => {
    for (const [index, depth] of ([8, 4, 1, 0] as const).entries()) {
      for (let cut = 0; cut <= input.length; cut++) {
        const converter = new ColorConverter(depth);
        const head = converter.text(input.slice(0, cut));
        const tail = Buffer.from(converter.bytes(Buffer.from(input.slice(cut)))).toString();
        assert.equal(head + tail + converter.release(), outputs[index], `cut at ${cut}`);
      }
    }
  });
}

test("sixteen colours keep a text apart from what is behind it, whichever comes first", () => {
  const grey = "136;136;136";
  const darker = "100;100;100";
  // Both are nearest to bright black; the one that comes later moves on.
  assert.equal(convert(`\x1b[38;2;${grey}m\x1b[48;2;${darker}m`, 4), "\x1b[90m\x1b[40m");
  assert.equal(convert(`\x1b[48;2;${darker};38;2;${grey}m`, 4), "\x1b[100;37m");
  assert.equal(convert(`\x1b[38;5;102m\x1b[100m`, 4), "\x1b[90m\x1b[100;37m");
  // A reset, and a default, make room.
  assert.equal(convert(`\x1b[38;2;${grey}m\x1b[0;48;2;${darker}m`, 4), "\x1b[90m\x1b[0;100m");
  assert.equal(convert(`\x1b[38;2;${grey};39;48;2;${darker}m`, 4), "\x1b[90;39;100m");
  // Who asks for one colour twice wants nothing to be seen.
  assert.equal(convert(`\x1b[38;2;${grey};48;2;${grey}m`, 4), "\x1b[90;100m");
  assert.equal(convert(`\x1b[31;41m`, 4), "\x1b[31;41m");
});

test("bytes without an escape are the same array, and text in any encoding comes through", () => {
  const converter = new ColorConverter(1);
  const plain = Buffer.from([0xff, 0x00, 0xe9]);
  assert.equal(converter.bytes(plain), plain);
  const colored = Buffer.concat([plain, Buffer.from("\x1b[31mä\x1b[1m")]);
  assert.deepEqual(converter.bytes(colored), Buffer.concat([plain, Buffer.from("ä\x1b[1m")]));
});

test("a sequence without an end is held back for 256 characters, a link that is left out for 8,192", () => {
  for (const depth of DEPTHS) {
    const converter = new ColorConverter(depth);
    let shown = converter.text("\x1b[");
    for (let count = 0; count < 300; count++) shown += converter.text("1;");
    assert.equal(shown + converter.text("m"), `\x1b[${"1;".repeat(300)}m`);
  }
  const converter = new ColorConverter(0);
  assert.equal(converter.text(`\x1b]8;;${"x".repeat(9000)}`), "x".repeat(9000 - 8192 + 1));
});

test("any text, cut anywhere, gives what it gives in one piece; nothing but colours and links is changed", () => {
  const piece = fc.oneof(
    fc.constantFrom("\x1b", "[", "]8;", "38;2;", "48:2::", "5;", "m", "\x1b\\", "\x07", "\n", "12;", ":", "?", " "),
    fc.stringMatching(/^\x1b\[[0-9;:]{0,12}m$/),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece), fc.constantFrom(...DEPTHS), (pieces, depth) => {
      const whole = pieces.join("");
      const converter = new ColorConverter(depth);
      const parts = pieces.map((part) => converter.text(part)).join("") + converter.release();
      assert.equal(parts, convert(whole, depth));
      const twice = convert(parts, depth);
      assert.equal(convert(twice, depth), twice);
    }),
    { numRuns: 2000 },
  );
});
