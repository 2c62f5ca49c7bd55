import assert from "node:assert/strict";
import test from "node:test";
import * as fc from "fast-check";
import { colorAt, nearest16, nearest16Beside, nearest256 } from "../../../../src/terminal/color/palette.ts";

test("a colour of the palette is itself", () => {
  for (let index = 16; index < 256; index++) assert.equal(colorAt(nearest256(colorAt(index))), colorAt(index));
  for (let index = 0; index < 16; index++) assert.equal(nearest16(colorAt(index)), index);
  assert.deepEqual([16, 21, 196, 231, 232, 255].map(colorAt), [0, 0xff, 0xff0000, 0xffffff, 0x080808, 0xeeeeee]);
});

test("a grey stays a grey, and is never far from as light", () => {
  for (let level = 0; level < 256; level++) {
    const shown = colorAt(nearest256(level * 0x010101));
    assert.equal(shown, (shown & 0xff) * 0x010101);
    assert.ok(Math.abs((shown & 0xff) - level) <= 9, `${level} became ${shown & 0xff}`);
  }
});

/** Colours that people choose, and what they are called on a terminal of sixteen. */
const named: Readonly<Record<string, readonly [rgb: number, index: number]>> = {
  teal: [0x008080, 6],
  olive: [0x808000, 3],
  navy: [0x000080, 4],
  maroon: [0x800000, 1],
  purple: [0x800080, 5],
  "dark green": [0x006400, 2],
  "GitHub's green": [0x238636, 2],
  "GitHub's red": [0xda3633, 1],
  orange: [0xffa500, 3],
  salmon: [0xfa8072, 9],
  "hot pink": [0xff69b4, 13],
  "steel blue": [0x4682b4, 12],
  "sky blue": [0x87ceeb, 6],
  slate: [0x64748b, 8],
  "nearly black": [0x1e1e2e, 0],
  "nearly white": [0xf8f8f2, 15],
  silver: [0xc0c0c0, 7],
};

for (const [name, [rgb, index]] of Object.entries(named)) {
  test(`${name} keeps its hue among sixteen colours`, () => assert.equal(nearest16(rgb), index));
}

test("two colours are never shown as one, and the lighter one stays lighter where there is room", () => {
  const rgb = fc.integer({ min: 0, max: 0xffffff });
  fc.assert(
    fc.property(rgb, rgb, (one, other) => {
      assert.notEqual(nearest16Beside(one, other, nearest16(other)), nearest16(other));
    }),
  );
  assert.equal(nearest16Beside(0x888888, 0x666666, 8), 7);
  assert.equal(nearest16Beside(0x666666, 0x888888, 8), 0);
  assert.equal(nearest16Beside(0x020202, 0x010101, 0), 8);
  assert.equal(nearest16Beside(0x010101, 0x020202, 0), 8);
  assert.notEqual(nearest16Beside(0xffffff, 0xfefefe, 15), 15);
});

test("what is remembered is what is found", () => {
  const rgb = fc.integer({ min: 0, max: 0xffffff });
  fc.assert(
    fc.property(fc.array(rgb, { minLength: 1, maxLength: 50 }), (colors) => {
      const first = colors.map((color) => [nearest16(color), nearest256(color)]);
      const again = colors.map((color) => [nearest16(color), nearest256(color)]);
      assert.deepEqual(again, first);
    }),
  );
});
