import assert from "node:assert/strict";
import { capabilitiesOf, KeyDecoder, Probe, ReplyFilter } from "../../../src/terminal/index.ts";
import type { KeyEvent } from "../../../src/terminal/index.ts";
import { decoder } from "../decoders.ts";
import type { Random } from "../random.ts";
import type { Target } from "../target.ts";

/** What terminals send: text, keys by every protocol, the mouse, pastes, answers; and their beginnings. */
const PIECES: readonly string[] = [
  "a",
  "é",
  "👩‍👩‍👧",
  "\r\n",
  "\x03",
  "\x1b",
  "\x1b\x1b",
  "\x1b[A",
  "\x1bOP",
  "\x1b[1;5C",
  "\x1b[3$",
  "\x1b[[A",
  "\x1b[97:65:97;6:2;65:66u",
  "\x1b[0;;28450:23383u",
  "\x1b[1;9:3B",
  "\x1b[27;5;9~",
  "\x1b[<35;80;24M",
  "\x1b[96;80;24M",
  "\x1b[M !!",
  "\x1b[I",
  "\x1b[1;5R",
  "\x1b[24;80R",
  "\x1b[200~",
  "\x1b[201~",
  "\x1b[?62;4c",
  "\x1b[?2026;2$y",
  "\x1b[8;24;80t",
  "\x1b]11;rgb:ffff/0/80\x1b\\",
  "\x1bP>|XTerm(390)\x1b\\",
  "\x1bP1$r0m\x1b\\",
  "\x1b_Gi=31;OK\x1b\\",
];

const seeds = (random: Random): Uint8Array =>
  Buffer.from(Array.from({ length: 1 + random.below(12) }, () => random.pick(PIECES)).join(""));

/** Everything in `src/terminal` that a visitor's bytes reach. */
export const terminalDecoders: readonly Target[] = [
  decoder("keys", seeds, (bytes) => {
    const whole = events(bytes, bytes.length);
    for (const size of [1, 2, 7]) assert.deepEqual(joined(events(bytes, size)), joined(whole));
    for (const event of whole) check(event);
  }),
  decoder("replies", seeds, (bytes) => {
    const probe = new Probe(capabilitiesOf("xterm-256color", {}));
    probe.begin(0);
    const filter = new ReplyFilter((reply) => probe.take(reply) !== undefined);
    const nobody = new ReplyFilter(() => false);
    const [rest, all]: Uint8Array[][] = [[], []];
    for (let at = 0; at < bytes.length; at += 3) {
      const chunk = bytes.subarray(at, at + 3);
      rest?.push(filter.push(chunk));
      all?.push(nobody.push(chunk), at % 2 === 0 ? nobody.flush() : Buffer.of());
    }
    rest?.push(filter.release());
    all?.push(nobody.release());
    assert.deepEqual(Buffer.concat(all ?? []), Buffer.from(bytes));
    assert.ok(Buffer.concat(rest ?? []).length <= bytes.length);
    assert.match(probe.capabilities.name ?? "", /^[\x20-\x7e]{0,64}$/);
  }),
  decoder(
    "term",
    (random) => Buffer.from(random.pick(["xterm-256color", "screen.xterm-kitty", "vt220-8bit", "foot+base"])),
    (bytes) => {
      const text = Buffer.from(bytes).toString("latin1");
      const { colors } = capabilitiesOf(text, { TERM_PROGRAM: text, COLORFGBG: text, LANG: text });
      assert.ok([1, 4, 8, 24].includes(colors));
    },
  ),
];

function events(bytes: Uint8Array, size: number): KeyEvent[] {
  const decoder = new KeyDecoder();
  const all: KeyEvent[] = [];
  for (let at = 0; at < bytes.length; at += size) all.push(...decoder.decode(bytes.subarray(at, at + size)));
  return all;
}

/** Clusters come in parts when they are cut: neighbouring text is taken together. */
function joined(events: readonly KeyEvent[]): unknown[] {
  const all: unknown[] = [];
  for (const event of events) {
    const isText = event.type === "key" && event.text !== "" && event.sequence === event.text;
    if (isText && typeof all.at(-1) === "string") all.push(`${String(all.pop())}${event.text}`);
    else all.push(isText ? event.text : event);
  }
  return all;
}

function check(event: KeyEvent): void {
  if (event.type === "key") {
    assert.match(event.text, /^[^\p{Cc}\p{Cs}]*$/u);
    assert.match(event.name, /^[^\p{Cc}\p{Cs}]+$/u);
  }
  if (event.type === "mouse") {
    for (const cell of [event.x, event.y]) assert.ok(Number.isInteger(cell) && cell >= 0 && cell < 65_535);
  }
  if (event.type !== "paste") assert.ok(event.sequence.length <= 1100);
}
