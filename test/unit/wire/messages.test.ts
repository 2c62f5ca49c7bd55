import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { messages, Msg, ProtocolError } from "../../../src/wire/index.ts";
import { everyStruct } from "./fields.ts";

describe("every message", () => {
  for (const { name, codec, values } of everyStruct) {
    test(`${name} is read as it was written`, () => {
      fc.assert(
        fc.property(values, (value) => assert.deepEqual(plain(codec.decode(codec.encode(value))), plain(value))),
        { numRuns: 60 },
      );
    });

    test(`${name} begins with its number, if it has one`, () => {
      const number = "number" in codec ? codec.number : undefined;
      fc.assert(
        fc.property(values, (value) => assert.equal(number === undefined || codec.encode(value)[0] === number, true)),
        { numRuns: 5 },
      );
    });

    test(`${name} cut short anywhere is a ProtocolError or a shorter open end`, () => {
      const open = Object.keys(codec.layout).at(-1);
      fc.assert(
        fc.property(values, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (value, where) => {
          const whole = codec.encode(value);
          const cut = whole.subarray(0, Math.floor(whole.length * where));
          if (whole.length === 0) return;
          const decoded = attempt(() => codec.decode(cut));
          if (decoded === undefined) return;
          // Only a field that takes the rest can be shorter without anybody's noticing.
          const { [open!]: _, ...before } = plain(decoded) as Record<string, unknown>;
          const { [open!]: __, ...expected } = plain(value) as Record<string, unknown>;
          assert.deepEqual(before, expected);
          assert.equal(Object.values(codec.layout).at(-1), messages.requestSuccess.layout["data"]);
        }),
        { numRuns: 60 },
      );
    });

    test(`${name} of random bytes is a ProtocolError or what its encoding gives back`, () => {
      const prefix = "number" in codec ? Uint8Array.of(codec.number) : new Uint8Array(0);
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
          const decoded = attempt(() => codec.decode(Buffer.concat([prefix, bytes])));
          if (decoded !== undefined) assert.deepEqual(plain(codec.decode(codec.encode(decoded))), plain(decoded));
        }),
        { numRuns: 200 },
      );
    });

    test(`${name} leaves no byte unread`, () => {
      if (Object.values(codec.layout).at(-1) === messages.requestSuccess.layout["data"]) return;
      fc.assert(
        fc.property(values, (value) => {
          const longer = Buffer.concat([codec.encode(value), Uint8Array.of(0)]);
          assert.throws(() => codec.decode(longer), /1 bytes follow the last field/);
        }),
        { numRuns: 10 },
      );
    });
  }

  test("one of another number is not decoded", () => {
    assert.throws(() => messages.newKeys.decode(Uint8Array.of(Msg.KEXINIT)), ProtocolError);
    assert.throws(() => messages.requestSuccess.decode(new Uint8Array(0)), ProtocolError);
  });

  test("an error names the message, not what the peer wrote", () => {
    const bytes = Buffer.concat([Uint8Array.of(Msg.SERVICE_REQUEST, 0, 0, 0, 2), Buffer.from("\x1b[")]);
    assert.throws(
      () => messages.serviceRequest.decode(bytes),
      (error: ProtocolError) => {
        assert.match(error.message, /^SERVICE_REQUEST: /);
        assert.doesNotMatch(error.message, /\x1b/);
        return true;
      },
    );
  });
});

/** Runs a decoder; undefined when it refused as it may. Anything else that is thrown fails the test. */
function attempt(decode: () => unknown): unknown {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** Views into different buffers compare unequal: bytes as hexadecimal do not. */
function plain(value: unknown): unknown {
  return Object.fromEntries(
    Object.entries(value as Record<string, unknown>).map(([key, field]) => [
      key,
      field instanceof Uint8Array ? Buffer.from(field).toString("hex") : field,
    ]),
  );
}
