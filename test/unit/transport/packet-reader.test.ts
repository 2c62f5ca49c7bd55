import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { MAX_PACKET, MAX_PACKET_BEFORE_LOGIN, PacketReader } from "../../../src/transport/packet-reader.ts";
import { DisconnectReason, ProtocolError } from "../../../src/wire/index.ts";
import { Packets } from "../../client/packets.ts";
import type { Shape } from "../../client/packets.ts";
import { packetForms } from "./packet-forms.ts";
import type { PacketForm } from "./packet-forms.ts";

const clear = { name: "the clear", block: 8 };
const forms: readonly (PacketForm | typeof clear)[] = [clear, ...packetForms];
const integrity = { message: "a packet failed its integrity check", reason: DisconnectReason.MAC_ERROR };

interface Pair {
  readonly reader: PacketReader;
  readonly packets: Packets;
  readonly isClear: boolean;
  readonly block: number;
  /** Bytes before the payload that count for the alignment: packet_length may not. */
  readonly before: number;
}

/** A reader and a client that writes for it. */
function pair(form: PacketForm | typeof clear): Pair {
  const reader = new PacketReader();
  const packets = new Packets();
  if ("block" in form) return { reader, packets, isClear: true, block: form.block, before: 5 };
  const protection = form.clientSeals();
  reader.useKeys(form.opener(), false);
  packets.use(protection, false);
  return { reader, packets, isClear: false, block: 16, before: protection.clearLength ? 1 : 5 };
}

const next = (reader: PacketReader): string | undefined => {
  const payload = reader.next();
  return payload && Buffer.from(payload).toString("latin1");
};

for (const form of forms) {
  describe(`a packet in ${form.name}`, () => {
    const setup = (): ReturnType<typeof pair> => pair(form);
    const refused = (payload: string, shape: Shape, why: string): void => {
      const { reader, packets, isClear } = setup();
      reader.input.append(Buffer.concat([packets.seal(Buffer.from(payload), shape), Buffer.alloc(64, 0xcc)]));
      assert.throws(
        () => {
          // A length that is too large for what has come is refused at once, too: nothing is waited for.
          assert.equal(reader.next(), undefined, why);
          assert.fail(`${why} was waited for`);
        },
        isClear ? { name: "ProtocolError", reason: DisconnectReason.PROTOCOL_ERROR } : integrity,
        why,
      );
    };

    test("is read whole, whatever its payload's length", () => {
      const { reader, packets } = setup();
      for (const length of [1, 2, 3, 7, 8, 9, 10, 11, 12, 15, 16, 17, 255, 256, 1000, 32768, 35000]) {
        const payload = "x".repeat(length);
        reader.input.append(packets.seal(Buffer.from(payload)));
        assert.equal(next(reader), payload);
      }
    });

    test("may have any padding from 4 to 255 that fits the block", () => {
      const { reader, packets, block, before } = setup();
      for (let padding = 4; padding <= 255; padding++) {
        const payload = "x".repeat(block - ((before + padding) % block));
        reader.input.append(packets.seal(Buffer.from(payload), { padding }));
        assert.equal(next(reader), payload, `padding ${padding}`);
      }
    });

    test("may come byte by byte", () => {
      const { reader, packets } = setup();
      const bytes = Buffer.concat(["one", "two", "three"].map((text) => packets.seal(Buffer.from(text))));
      const read: string[] = [];
      for (const byte of bytes) {
        reader.input.append(Uint8Array.of(byte));
        const payload = next(reader);
        if (payload !== undefined) read.push(payload);
      }
      assert.deepEqual(read, ["one", "two", "three"]);
    });

    test("may come with others in one piece", () => {
      const { reader, packets } = setup();
      reader.input.append(Buffer.concat(["one", "two", "three"].map((text) => packets.seal(Buffer.from(text)))));
      assert.deepEqual([next(reader), next(reader), next(reader), next(reader)], ["one", "two", "three", undefined]);
    });

    test("may be cut anywhere", () => {
      fc.assert(
        fc.property(
          fc.array(fc.uint8Array({ minLength: 1, maxLength: 100 }), { minLength: 1, maxLength: 6 }),
          fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
          (payloads, cuts) => {
            const { reader, packets } = setup();
            const bytes = Buffer.concat(payloads.map((payload) => packets.seal(payload)));
            const read: string[] = [];
            for (let at = 0, i = 0; at < bytes.length; i++) {
              const size = cuts[i % cuts.length]!;
              reader.input.append(bytes.subarray(at, at + size));
              at += size;
              for (let payload = next(reader); payload !== undefined; payload = next(reader)) read.push(payload);
            }
            assert.deepEqual(
              read,
              payloads.map((payload) => Buffer.from(payload).toString("latin1")),
            );
          },
        ),
        { numRuns: 30 },
      );
    });

    for (const packetLength of [0, 1, 2, 3, 4, 5, 13, 2 ** 18 + 8, 2 ** 18 + 16, 2 ** 31, 2 ** 31 - 4, 2 ** 32 - 1]) {
      test(`with packet_length ${packetLength} is refused`, () => {
        refused("abcdefgh", { packetLength }, `packet_length ${packetLength}`);
      });
    }

    test("is as long before the login as the limit says, and longer afterwards", () => {
      const grown = (limit: number): { reader: PacketReader; bytes: Buffer } => {
        const { reader, packets, block } = setup();
        reader.maxPacket = limit;
        const bytes = packets.seal(Buffer.alloc(MAX_PACKET_BEFORE_LOGIN + block, 1));
        reader.input.append(bytes);
        return { reader, bytes };
      };
      assert.throws(() => grown(MAX_PACKET_BEFORE_LOGIN).reader.next(), ProtocolError);
      assert.equal(grown(MAX_PACKET).reader.next()?.length, MAX_PACKET_BEFORE_LOGIN + setup().block);
    });

    for (const paddingLength of [0, 1, 2, 3, 28, 100, 255]) {
      test(`with padding_length ${paddingLength} is refused`, () => {
        refused("abc", { paddingLength }, `padding_length ${paddingLength}`);
      });
    }

    test("without a payload is refused", () => {
      refused("", {}, "an empty payload");
    });

    test("is counted, with its bytes, by sequence number, bytes and packets", () => {
      const { reader, packets } = setup();
      const bytes = Buffer.concat([packets.seal(Buffer.from("a")), packets.seal(Buffer.from("b"))]);
      reader.input.append(bytes);
      reader.next();
      reader.next();
      assert.deepEqual([reader.sequence, reader.packets, reader.bytes], [2, 2, bytes.length]);
    });

    if (form === clear) return;

    test("with any bit changed is not read", () => {
      const { packets } = setup();
      const whole = packets.seal(Buffer.from("a payload of some length"));
      for (let bit = 0; bit < whole.length * 8; bit += 3) {
        const { reader } = setup();
        const changed = Buffer.from(whole);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        reader.input.append(changed);
        // A changed length may make it longer: then it is waited for, and its MAC will be wrong.
        try {
          assert.equal(reader.next(), undefined);
          reader.input.append(Buffer.alloc(70_000));
          reader.next();
          assert.fail(`bit ${bit} made no difference`);
        } catch (error) {
          assert.ok(error instanceof ProtocolError, `bit ${bit}: ${String(error)}`);
          assert.deepEqual([error.message, error.reason], [integrity.message, integrity.reason]);
        }
      }
    });

    test("sent twice, left out or out of order is not read", () => {
      for (const order of [[0, 0], [1], [1, 0]]) {
        const { reader, packets } = setup();
        const sealed = ["a", "b"].map((text) => packets.seal(Buffer.from(text)));
        reader.input.append(Buffer.concat([...order.map((index) => sealed[index]!), Buffer.alloc(70_000)]));
        assert.throws(() => {
          for (const _ of order) reader.next();
        }, integrity);
      }
    });
  });
}

describe("the packet reader", () => {
  test("starts the sequence numbers again only in strict key exchange", () => {
    const form = packetForms[0]!;
    for (const strict of [true, false]) {
      const { reader, packets } = pair(clear);
      reader.input.append(packets.seal(Buffer.from("a")));
      reader.next();
      reader.useKeys(form.opener(), strict);
      assert.deepEqual([reader.sequence, reader.bytes, reader.packets], [strict ? 0 : 1, 0, 0]);
    }
  });

  test("goes on from 2^32-1 with 0", () => {
    const { reader, packets } = pair(clear);
    reader.sequence = 0xffffffff;
    reader.input.append(packets.seal(Buffer.from("a")));
    reader.next();
    assert.equal(reader.sequence, 0);
  });

  test("takes no room for what a length only claims", () => {
    const { reader, packets } = pair(clear);
    reader.input.append(packets.seal(Buffer.from("abc"), { packetLength: 65532 }));
    assert.equal(reader.next(), undefined);
    assert.ok(reader.input.peek(reader.input.length).buffer.byteLength < 16384);
  });
});
