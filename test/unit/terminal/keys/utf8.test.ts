import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { characterLength, decodeUtf8, unfinishedTail } from "../../../../src/terminal/keys/utf8.ts";

/** Bytes that meet in UTF-8 and around it: leads, continuations, ASCII, never-used ones. */
const bytes = fc
  .uint8Array({ maxLength: 8 })
  .chain((noise) =>
    fc
      .array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc1, 0xc3, 0xe0, 0xa0, 0xed, 0x9f, 0xf0, 0x90, 0xf4, 0x8f, 0xf5))
      .map((chosen) => Uint8Array.from([...noise, ...chosen])),
  );

test("parted at the lengths of its characters, a text decodes as in one piece", () => {
  fc.assert(
    fc.property(bytes, (bytes) => {
      let text = "";
      for (let at = 0; at < bytes.length;) {
        const length = characterLength(bytes, at) || bytes.length - at;
        const character = decodeUtf8(bytes.subarray(at, at + length));
        assert.equal(character, String.fromCodePoint(character.codePointAt(0) ?? 0));
        text += character;
        at += length;
      }
      assert.equal(text, decodeUtf8(bytes));
    }),
    { numRuns: 2000 },
  );
});

test("what is left out as unfinished is what a streaming decoder would hold back", () => {
  fc.assert(
    fc.property(bytes, (bytes) => {
      const tail = unfinishedTail(bytes, 0, bytes.length);
      const streaming = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: true });
      assert.equal(decodeUtf8(bytes.subarray(0, bytes.length - tail)), streaming);
    }),
    { numRuns: 2000 },
  );
});
