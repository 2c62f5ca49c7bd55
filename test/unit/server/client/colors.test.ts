import assert from "node:assert/strict";
import test from "node:test";
import xterm from "@xterm/headless";
import { Output } from "../../../../src/server/client/output.ts";
import type { ShownDepth } from "../../../../src/terminal/index.ts";
import { FakeSession, settle } from "../fake-door.ts";

/** The output of a session on a terminal that shows so many bits of colour, which may change. */
function onTerminal(depth: { colors: ShownDepth | 24 }) {
  const session = new FakeSession();
  const output = new Output(session, 1_000_000, () => assert.fail());
  output.isTerminal = true;
  output.colors = () => depth.colors;
  return { session, output };
}

/** What a terminal shows of each character: its colours by their kind and number, and whether it is bold. */
async function cellsOf(text: string): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: 40, rows: 5, allowProposedApi: true });
  await new Promise<void>((resolve) => {
    terminal.write(text, resolve);
  });
  const line = terminal.buffer.active.getLine(0);
  const cells = Array.from({ length: line?.translateToString(true).length ?? 0 }, (_, column) => line?.getCell(column));
  terminal.dispose();
  return cells.map((cell) => {
    if (cell === undefined) return "";
    const front = cell.isFgDefault() ? "default" : cell.isFgRGB() ? cell.getFgColor().toString(16) : cell.getFgColor();
    const back = cell.isBgDefault() ? "default" : cell.isBgRGB() ? cell.getBgColor().toString(16) : cell.getBgColor();
    return `${cell.getChars()} ${front} on ${back}${cell.isBold() ? ", bold" : ""}`;
  });
}

/** `ok` as chalk writes it: green, bold, on nearly black; and a link. */
const OK = "\x1b[1m\x1b[38;2;80;250;123m\x1b[48;2;40;42;54mo\x1b[49m\x1b[39m\x1b[22mk";

const screens: Readonly<Record<ShownDepth | 24, readonly [string, string]>> = {
  24: ["o 50fa7b on 282a36, bold", "k default on default"],
  8: ["o 48 on 235, bold", "k default on default"],
  4: ["o 10 on 0, bold", "k default on default"],
  1: ["o default on default, bold", "k default on default"],
  0: ["o default on default", "k default on default"],
};

for (const [colors, cells] of Object.entries(screens)) {
  for (const kind of ["text", "bytes"] as const) {
    test(`${kind} in millions of colours on a terminal with ${colors} bits`, async () => {
      const { session, output } = onTerminal({ colors: Number(colors) as ShownDepth | 24 });
      for (const character of OK) {
        if (kind === "text") output.write(character);
        else output.writeBytes(Buffer.from(character));
      }
      await settle();
      assert.deepEqual(await cellsOf(session.stdout), cells);
    });
  }
}

test("the terminal is asked with each write, and a sequence that is under way when it can do more stays whole", async () => {
  const depth: { colors: ShownDepth | 24 } = { colors: 4 };
  const { session, output } = onTerminal(depth);
  output.write("\x1b[38;2;1");
  depth.colors = 24;
  output.writeBytes(Buffer.from(";2;3mx"));
  depth.colors = 1;
  output.write("\x1b[31my\x1b[1");
  output.end();
  assert.equal(session.stdout, "\x1b[38;2;1;2;3mxy\x1b[1");
});

test("raw bytes and what goes to no terminal are left as they are", async () => {
  const { session, output } = onTerminal({ colors: 1 });
  output.writeRaw(Buffer.from("\x1b[31m\n"));
  await settle();
  assert.equal(session.stdout, "\x1b[31m\n");
  const plain = new FakeSession();
  const pipe = new Output(plain, 1_000_000, () => assert.fail());
  pipe.write("\x1b[38;2;1;2;3m\n");
  await settle();
  assert.equal(plain.stdout, "\x1b[38;2;1;2;3m\n");
});
