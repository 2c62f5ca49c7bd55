import assert from "node:assert/strict";
import { test } from "node:test";
import xterm from "@xterm/headless";
import * as fc from "fast-check";
import { graphemes } from "../../../../src/terminal/text/graphemes.ts";
import { graphemeWidth, stringWidth } from "../../../../src/terminal/text/width.ts";

for (const [cluster, width, what] of [
  ["", 0, "nothing"],
  ["a", 1, "a letter"],
  ["\x1b", 0, "a control character"],
  ["\x7f", 0, "DEL"],
  ["\u009b", 0, "a C1 control character"],
  ["ü", 1, "a letter of Latin-1"],
  ["e\u0301", 1, "a letter with a mark"],
  ["\u0301", 0, "a mark alone"],
  ["\u200b", 0, "a zero-width space"],
  ["\u00ad", 1, "a soft hyphen"],
  ["字", 2, "a CJK ideograph"],
  ["𠀀", 2, "a CJK ideograph beyond the BMP"],
  ["한", 2, "a Hangul syllable"],
  ["\u1112\u1161\u11ab", 2, "a Hangul syllable of three jamo"],
  ["（", 2, "a fullwidth form"],
  ["ｱ", 1, "a halfwidth form"],
  ["α", 1, "a character of ambiguous width"],
  ["👍", 2, "an emoji"],
  ["👍🏽", 2, "an emoji with a skin tone"],
  ["👩‍👩‍👧", 2, "emoji joined to a family"],
  ["🇩🇪", 2, "a flag"],
  ["🇩", 1, "half a flag"],
  ["☺", 1, "an emoji that is text by default"],
  ["☺️", 2, "the same with the emoji selector"],
  ["1️⃣", 2, "a keycap"],
  ["a\ufe0f", 1, "a letter with the emoji selector"],
  ["กำ", 2, "Thai with a spacing vowel"],
  ["क्षि", 2, "a Devanagari conjunct"],
  ["🫩", 2, "an emoji of Unicode 16"],
] as const) {
  test(`${what} is ${width} wide: ${JSON.stringify(cluster)}`, () => {
    assert.equal(graphemeWidth(cluster), width);
    assert.equal(stringWidth(cluster), width);
  });
}

test("every letter, kana and ideograph of the plane that xterm.js knows is as wide as there", () => {
  const terminal = new xterm.Terminal({ cols: 10, rows: 2, allowProposedApi: true, logLevel: "off" });
  const { _core } = terminal as unknown as { _core: { unicodeService: { wcwidth(point: number): number } } };
  const differing: string[] = [];
  for (const [first, last] of [
    [0x20, 0x7e],
    [0xa0, 0x2ff],
    [0x370, 0x3ff],
    [0x400, 0x482],
    [0x3041, 0x3096],
    [0x30a1, 0x30fa],
    [0x4e00, 0x9fff],
    [0xac00, 0xd7a3],
    [0xff01, 0xff9f],
  ] as const) {
    for (let point = first; point <= last; point++) {
      const width = graphemeWidth(String.fromCodePoint(point));
      if (width !== _core.unicodeService.wcwidth(point)) differing.push(point.toString(16));
    }
  }
  assert.deepEqual(differing, []);
});

test("a text is as wide as its clusters together, and as its parts where no cluster is cut", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 30 });
  fc.assert(
    fc.property(text, text, (first, second) => {
      const sum = (clusters: string[]): number => clusters.reduce((sum, cluster) => sum + graphemeWidth(cluster), 0);
      assert.equal(stringWidth(first), sum(graphemes(first)));
      if (graphemes(first + second).length !== graphemes(first).length + graphemes(second).length) return;
      assert.equal(stringWidth(first + second), stringWidth(first) + stringWidth(second));
    }),
  );
});

test("no cluster is wider than two cells", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => graphemes(text).every((it) => graphemeWidth(it) <= 2)),
  );
});
