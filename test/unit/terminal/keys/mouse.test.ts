import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { bytes, cuts, decode, short, shorts } from "./decode.ts";

for (const [sequence, what] of [
  ["\x1b[<0;1;1M", "press left 0,0"],
  ["\x1b[<0;10;20m", "release left 9,19"],
  ["\x1b[<1;10;20M", "press middle 9,19"],
  ["\x1b[<2;10;20M", "press right 9,19"],
  ["\x1b[<32;10;20M", "drag left 9,19"],
  ["\x1b[<34;10;20M", "drag right 9,19"],
  ["\x1b[<35;10;20M", "move none 9,19"],
  ["\x1b[<64;10;20M", "wheel up 9,19"],
  ["\x1b[<65;10;20M", "wheel down 9,19"],
  ["\x1b[<66;10;20M", "wheel left 9,19"],
  ["\x1b[<67;10;20M", "wheel right 9,19"],
  ["\x1b[<128;10;20M", "press back 9,19"],
  ["\x1b[<129;10;20m", "release forward 9,19"],
  ["\x1b[<4;10;20M", "shift+press left 9,19"],
  ["\x1b[<8;10;20M", "alt+press left 9,19"],
  ["\x1b[<16;10;20M", "ctrl+press left 9,19"],
  ["\x1b[<28;10;20M", "ctrl+alt+shift+press left 9,19"],
  ["\x1b[<51;10;20M", "ctrl+move none 9,19"],
  ["\x1b[<80;10;20M", "ctrl+wheel up 9,19"],
  ["\x1b[<0;0;0M", "press left 0,0"],
  ["\x1b[<0;;M", "press left 0,0"],
  ["\x1b[<0;70000;99999999999999999999M", "press left 65534,65534"],
  // urxvt, mode 1015.
  ["\x1b[32;10;20M", "press left 9,19"],
  ["\x1b[35;10;20M", "release none 9,19"],
  ["\x1b[64;300;20M", "drag left 299,19"],
  ["\x1b[96;10;20M", "wheel up 9,19"],
  // X10 and normal tracking: three bytes.
  ["\x1b[M !!", "press left 0,0"],
  ["\x1b[M#*4", "release none 9,19"],
  ["\x1b[M@*4", "drag left 9,19"],
  ["\x1b[MC*4", "move none 9,19"],
  ["\x1b[M`*4", "wheel up 9,19"],
  ["\x1b[M0*4", "ctrl+press left 9,19"],
  ["\x1b[M \x7fA", "press left 94,32"],
  // Bytes that look like the beginning of other things.
  ["\x1b[M[[[", undefined],
  ["\x1b[MO~u", "alt+shift+move none 93,84"],
  ["\x1b[M <M", "press left 27,44"],
] as const) {
  test(`${JSON.stringify(sequence)} is ${what ?? "one report"}, however it is cut`, () => {
    const whole = decode(sequence);
    assert.equal(whole.length, 1);
    if (what !== undefined) assert.deepEqual(whole.map(short), [what]);
    assert.ok(whole[0]?.type === "mouse");
    assert.equal(whole[0].sequence, sequence);
    assert.deepEqual(decode(`${sequence}x`).slice(1).map(short), ['"x"']);
    for (const cut of cuts(bytes(sequence))) assert.deepEqual(decode(...cut), whole);
  });
}

test("bytes above ASCII are columns and rows, whatever UTF-8 they look like", () => {
  const report = Uint8Array.of(0x1b, 0x5b, 0x4d, 0x20, 0xc3, 0xa4);
  assert.deepEqual(shorts(report, "x"), ["press left 162,131", '"x"']);
  assert.deepEqual(decode(...Array.from(report, (byte) => Uint8Array.of(byte))), decode(report));
  assert.deepEqual(shorts(Uint8Array.of(0x1b, 0x5b, 0x4d, 0x20, 0xff, 0xff)), ["press left 222,222"]);
});

for (const [input, events] of [
  ["\x1b[M\r", ['?"\\u001b[M"', "return"]],
  ["\x1b[M \x03", ['?"\\u001b[M "', "ctrl+c"]],
  ["\x1b[M !\x1b[A", ['?"\\u001b[M !"', "up"]],
] as const) {
  test(`${JSON.stringify(input)}: a control character is no part of a report, and is not swallowed`, () => {
    assert.deepEqual(shorts(input), events);
    for (const cut of cuts(bytes(input))) assert.deepEqual(shorts(...cut), events);
  });
}

for (const sequence of [
  "\x1b[<M",
  "\x1b[<0M",
  "\x1b[<0;1M",
  "\x1b[<0;1;1;1M",
  "\x1b[<192;1;1M",
  "\x1b[<130;1;1M",
  "\x1b[<256;1;1M",
  "\x1b[<4294967296;1;1M",
  "\x1b[<0;-5;3M",
  "\x1b[0;1;1M",
  "\x1b[32;1M",
]) {
  test(`${JSON.stringify(sequence)} is no report, and types nothing`, () => {
    assert.deepEqual(shorts(sequence, "x"), [`?${JSON.stringify(sequence)}`, '"x"']);
  });
}

test("whatever the numbers are, a report has cells that a window may have", () => {
  const number = fc.oneof(fc.nat(300), fc.bigInt({ min: 0n, max: 10n ** 30n }));
  fc.assert(
    fc.property(fc.array(number, { maxLength: 4 }), fc.constantFrom("<M", "<m", "M"), (numbers, form) => {
      const sequence = `\x1b[${form.slice(0, -1)}${numbers.join(";")}${form.slice(-1)}`;
      for (const event of decode(numbers.length === 0 && form === "M" ? `${sequence} !!` : sequence)) {
        if (event.type !== "mouse") continue;
        for (const cell of [event.x, event.y]) assert.ok(Number.isInteger(cell) && cell >= 0 && cell < 65_535);
      }
    }),
    { numRuns: 2000 },
  );
});

test("focus is told, and is no key", () => {
  assert.deepEqual(decode("\x1b[I"), [{ type: "focus", focused: true, sequence: "\x1b[I" }]);
  assert.deepEqual(shorts("\x1b[Oa\x1b[I"), ["blur", '"a"', "focus"]);
  assert.deepEqual(shorts("\x1b[1I"), ['?"\\u001b[1I"']);
  for (const cut of cuts(bytes("\x1b[O"))) assert.deepEqual(shorts(...cut), ["blur"]);
});
