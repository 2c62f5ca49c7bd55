import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { ReplyFilter } from "../../../../src/terminal/capabilities/reply-filter.ts";
import { bytes, cuts } from "../keys/decode.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/** A filter that takes all answers, or those about some things; what gets through, and what was taken. */
function filter(about?: readonly string[]): { filter: ReplyFilter; taken: string[] } {
  const taken: string[] = [];
  const filter = new ReplyFilter((reply) => {
    if (about?.includes(reply.about) === false) return false;
    taken.push(reply.about);
    return true;
  });
  return { filter, taken };
}

function through(chunks: readonly Uint8Array[], about?: readonly string[]): { rest: string; taken: string[] } {
  const { filter: it, taken } = filter(about);
  const rest = chunks.map((chunk) => text(it.push(chunk))).join("");
  return { rest: rest + text(it.release()), taken };
}

for (const [input, rest, taken] of [
  ["a\x1b[?62;4cb", "ab", ["attributes"]],
  ["\x1bP>|foot(1)\x1b\\\x1b[?0u\x1b]11;rgb:0/0/0\x07x\x1b[?62c", "x", ["version", "keyboard", "colour", "attributes"]],
  ["\x1b_Gi=31;OK\x1b\\\x1b[?2026;2$yq", "q", ["graphics", "mode"]],
  ["ls\r\x1b[A\x1bOP\x1b[1;5Cé", "ls\r\x1b[A\x1bOP\x1b[1;5C\u00c3\u00a9", []],
  ["\x1b\x1b[?62c", "\x1b", ["attributes"]],
  ["\x1b[\x1b[?62c", "\x1b[", ["attributes"]],
  ["\x1b]0;t\x1b[?62cx", "\x1b]0;tx", ["attributes"]],
  ["\x1b]0;t\x1b\x1b[?62cx", "\x1b]0;t\x1bx", ["attributes"]],
  ["\x1b]11;rgb:0/0/0\r\x1b[?62c", "\x1b]11;rgb:0/0/0\r", ["attributes"]],
  ["\x1b[<0;1;1M\x1b[M !!\x1b[[A", "\x1b[<0;1;1M\x1b[M !!\x1b[[A", []],
  [
    "\x1b[200~\x1b[?62c\x1b]11;rgb:0/0/0\x07\x1b[201~\x1b[?62c",
    "\x1b[200~\x1b[?62c\x1b]11;rgb:0/0/0\x07\x1b[201~",
    ["attributes"],
  ],
  ["\x1b[200~\x1b]\x1b[201~\x1b[?62c", "\x1b[200~\x1b]\x1b[201~", ["attributes"]],
  ["\x1bX\x1b^\x1bü\x1b\r", "\x1bX\x1b^\x1b\u00c3\u00bc\x1b\r", []],
] as const) {
  test(`of ${JSON.stringify(input)} the answers are taken and the rest gets through, however it is cut`, () => {
    assert.deepEqual(through([bytes(input)]), { rest, taken });
    for (const cut of cuts(bytes(input))) assert.deepEqual(through(cut), { rest, taken });
  });
}

test("answers that nobody here has asked for get through", () => {
  const input = "\x1b[24;80R\x1b[?62c\x1b]10;rgb:0/0/0\x07";
  assert.deepEqual(through([bytes(input)], ["attributes"]), {
    rest: "\x1b[24;80R\x1b]10;rgb:0/0/0\x07",
    taken: ["attributes"],
  });
});

test("Escape alone is held until it is flushed, and so is Alt with a key that opens a sequence", () => {
  for (const input of ["\x1b", "\x1b[", "\x1b]", "\x1bP", "\x1b_"]) {
    const { filter: it } = filter();
    assert.equal(text(it.push(bytes(`a${input}`))), "a");
    assert.equal(it.pending, true);
    assert.equal(text(it.flush()), input);
    assert.equal(it.pending, false);
    assert.equal(text(it.flush()), "");
    assert.equal(text(it.push(bytes("x\r"))), "x\r");
  }
});

test("an answer whose ESC was taken for the key is known again by its rest", () => {
  const { filter: it, taken } = filter();
  assert.equal(text(it.push(bytes("\x1b"))), "");
  assert.equal(text(it.flush()), "\x1b");
  assert.equal(text(it.push(bytes("[?62;4c"))), "");
  assert.deepEqual(taken, ["attributes"]);
  assert.equal(text(it.push(bytes("ls"))), "ls");
});

test("what is typed after an Escape that was flushed is not held for long", () => {
  const { filter: it } = filter();
  it.push(bytes("\x1b"));
  it.flush();
  let typed = "";
  for (const key of ["[", "?", "6"]) {
    typed += text(it.push(bytes(key)));
    assert.equal(it.pending, true);
    typed += text(it.flush());
  }
  assert.equal(typed, "[?6");
  assert.equal(text(it.push(bytes("\r"))), "\r");
});

test("the middle of an answer is not let through by time", () => {
  const { filter: it, taken } = filter();
  assert.equal(text(it.push(bytes("\x1b[?6"))), "");
  assert.equal(it.pending, false);
  assert.equal(text(it.flush()), "");
  assert.equal(text(it.push(bytes("2c"))), "");
  assert.deepEqual(taken, ["attributes"]);
});

test("what is too long for an answer gets through whole", () => {
  for (const input of [`\x1b]11;${"x".repeat(2000)}\x07`, `\x1b[${"1;".repeat(1000)}c`, `\x1b[?${"6".repeat(5000)}`]) {
    assert.deepEqual(through([bytes(input)]), { rest: input, taken: [] });
    assert.deepEqual(through(Array.from(bytes(input), (byte) => Uint8Array.of(byte))), { rest: input, taken: [] });
  }
});

test("a filter that takes nothing changes nothing, whatever comes and whenever it is flushed", () => {
  const piece = fc.oneof(
    fc.constantFrom("\x1b", "[", "]", "P", "\\", "\x07", "?62c", "\x1b[200~", "\x1b[201~", "\x1b]11;", "a", "é"),
    fc.string({ unit: "binary", maxLength: 3 }),
  );
  const steps = fc.array(fc.oneof(piece, fc.constant(true as const)), { maxLength: 40 });
  fc.assert(
    fc.property(steps, (steps) => {
      const { filter: it } = filter([]);
      let out = "";
      for (const step of steps) out += text(step === true ? it.flush() : it.push(bytes(step)));
      out += text(it.release());
      assert.equal(out, text(Buffer.concat(steps.map((step) => (step === true ? Buffer.of() : bytes(step))))));
    }),
    { numRuns: 2000 },
  );
});

test("bytes are let through and taken out in order, however they are cut and flushed", () => {
  const piece = fc.constantFrom(
    "\x1b[?62c",
    "\x1b]11;rgb:0/0/0\x1b\\",
    "\x1bP>|x\x1b\\",
    "a",
    "\x1b[A",
    "\r",
    "\x1b\x1b",
    "\x1bO",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(300), { maxLength: 10 }), (pieces, cuts) => {
      const input = bytes(pieces.join(""));
      const offsets = [0, ...cuts.map((cut) => cut % (input.length + 1)).sort((a, b) => a - b), input.length];
      const chunks = offsets.slice(1).map((end, index) => input.subarray(offsets[index], end));
      assert.deepEqual(through(chunks), through([input]));
    }),
    { numRuns: 2000 },
  );
});
