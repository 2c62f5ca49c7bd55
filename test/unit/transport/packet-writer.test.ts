import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { randomFillSync } from "node:crypto";
import { PacketWriter } from "../../../src/transport/packet-writer.ts";
import { PacketStream } from "../../client/packets.ts";
import { packetForms } from "./packet-forms.ts";

const writer = (): PacketWriter => new PacketWriter(randomFillSync);

for (const form of [undefined, ...packetForms]) {
  describe(`what is written in ${form?.name ?? "the clear"}`, () => {
    const setup = (): { out: PacketWriter; stream: PacketStream } => {
      const out = writer();
      const stream = new PacketStream();
      if (form) {
        out.useKeys(form.sealer(), false);
        stream.use(form.clientOpens(), false);
      }
      return { out, stream };
    };

    test("is read by a client, which checks lengths, padding and MAC", () => {
      const { out, stream } = setup();
      for (const length of [1, 2, 3, 8, 9, 10, 11, 12, 15, 16, 17, 18, 300, 32768]) {
        out.send(Buffer.alloc(length, "x"));
        stream.append(out.pull()!);
        assert.equal(stream.next()?.toString(), "x".repeat(length));
        assert.equal(stream.left, 0);
      }
    });

    test("in two parts is one message", () => {
      const { out, stream } = setup();
      out.send(Buffer.from("head "), Buffer.from("body"));
      stream.append(out.pull()!);
      assert.equal(stream.next()?.toString(), "head body");
    });

    test("is at least 16 bytes and a multiple of the block", () => {
      const { out } = setup();
      out.send(Uint8Array.of(21));
      assert.ok(out.pull()!.length >= 16);
    });

    test("leaves its two parts as they were", () => {
      const { out } = setup();
      const head = Buffer.from("head");
      const body = Buffer.from("body");
      out.send(head, body);
      assert.equal(head.toString() + body.toString(), "headbody");
    });
  });
}

describe("the packet writer", () => {
  test("holds packets in order until they are pulled, as one buffer", () => {
    const out = writer();
    out.raw(Buffer.from("SSH-2.0-x\r\n"));
    out.send(Buffer.from("one"));
    out.send(Buffer.from("two"));
    const { pending } = out;
    const bytes = out.pull()!;
    assert.equal(bytes.length, pending);
    assert.equal(out.pending, 0);
    assert.equal(out.pull(), undefined);
    const stream = new PacketStream();
    stream.append(bytes);
    assert.equal(stream.line(), "SSH-2.0-x");
    assert.deepEqual([stream.next()?.toString(), stream.next()?.toString()], ["one", "two"]);
  });

  test("counts packets and bytes since the keys were taken into use", () => {
    const out = writer();
    out.send(Buffer.from("a"));
    out.send(Buffer.from("b"));
    assert.deepEqual([out.sequence, out.packets, out.bytes], [2, 2, 32]);
    const form = packetForms[0]!;
    out.useKeys(form.sealer(), false);
    assert.deepEqual([out.sequence, out.packets, out.bytes], [2, 0, 0]);
    out.useKeys(form.sealer(), true);
    assert.equal(out.sequence, 0);
  });

  test("pads with what `random` gives, and with nothing that was in memory before", () => {
    const out = new PacketWriter((bytes) => void bytes.fill(0x5a));
    Buffer.allocUnsafe(4000).fill(0xee);
    out.send(Buffer.from("abc"));
    const packet = Buffer.from(out.pull()!);
    const padding = packet[4]!;
    assert.deepEqual(packet.subarray(-padding), Buffer.alloc(padding, 0x5a));
    assert.equal(packet.length, 5 + 3 + padding);
  });

  test("goes on from 2^32-1 with 0", () => {
    const out = writer();
    out.sequence = 0xffffffff;
    out.send(Buffer.from("a"));
    assert.equal(out.sequence, 0);
  });
});
