import assert from "node:assert/strict";
import { ColorConverter, TerminalInputStream } from "../../../src/terminal/index.ts";
import { decoder } from "../decoders.ts";
import type { Random } from "../random.ts";
import type { Target } from "../target.ts";

/** What is typed at a program that reads lines, and what programs write. */
const TYPED: readonly string[] = [
  "a",
  "é",
  "👍🏽",
  "e\u0301",
  "\r",
  "\n",
  "\x7f",
  "\b",
  "\x15",
  "\x17",
  "\x16",
  "\x12",
  "\x04",
];
const RARELY_TYPED: readonly string[] = [
  "\x03",
  "\x1a",
  "\t",
  "\x1b[A",
  "\u009b2J",
  " ",
  "line\r".repeat(2000),
  "x".repeat(5000),
];
const WRITTEN: readonly string[] = [
  "text",
  "é",
  "\r\n",
  "\x1b",
  "\x1b[m",
  "\x1b[1;31m",
  "\x1b[38;2;1;2;3m",
  "\x1b[48:2::9:8:7m",
  "\x1b[38;5;200m",

  "\x1b[58;5;1m",
  "\x1b[>4;2m",
  "\x1b[2J",
  "\x1b]8;;http://a/\x1b\\",
  "\x1b]8;;\x07",
  "\x1b]0;t\x07",
  "\x1b[38;",
  "\x1b]8",
];

const pieces = (all: readonly string[]) => (random: Random) =>
  Buffer.from(Array.from({ length: 1 + random.below(20) }, () => random.pick(all)).join(""));

/** The streams of a terminal, in both directions. */
export const streamDecoders: readonly Target[] = [
  decoder("typed lines", pieces([...TYPED, ...TYPED, ...RARELY_TYPED]), (bytes) => {
    let consumed = 0;
    let echoed = 0;
    const modes = new Map([
      ["VERASE", bytes[0] ?? 0],
      ["ECHO", bytes.length % 2],
    ]);
    const stream = new TerminalInputStream({
      modes,
      columns: () => bytes.length,
      wanted: () => undefined,
      consumed: (count) => (consumed += count),
      echo: (text) => (echoed += text.length),
      interrupt: () => undefined,
      failed: (error) => assert.fail(String(error)),
    });
    for (let at = 0; at < bytes.length; at += 7) stream.receive(bytes.subarray(at, at + 7));
    stream.setRawMode(bytes.length % 3 === 0);
    stream.receive(bytes);
    assert.ok(echoed <= 8192 * (bytes.length + 1));
    stream.takeBack();
    assert.equal(consumed, 2 * bytes.length);
  }),
  decoder("written colours", pieces(WRITTEN), (bytes) => {
    for (const depth of [0, 1, 4, 8] as const) {
      const whole = new ColorConverter(depth);
      const all = Buffer.concat([whole.bytes(bytes), Buffer.from(whole.release(), "latin1")]);
      const cut = new ColorConverter(depth);
      const parts = Array.from({ length: Math.ceil(bytes.length / 3) }, (_, at) =>
        cut.bytes(bytes.subarray(3 * at, 3 * at + 3)),
      );
      assert.deepEqual(Buffer.concat([...parts, Buffer.from(cut.release(), "latin1")]), all);
      assert.ok(all.length <= 2 * bytes.length);
    }
  }),
];
