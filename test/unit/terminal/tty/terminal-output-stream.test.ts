import assert from "node:assert/strict";
import { WriteStream } from "node:tty";
import test from "node:test";
import { TerminalOutputStream } from "../../../../src/terminal/tty/terminal-output-stream.ts";
import type { TerminalSink } from "../../../../src/terminal/tty/terminal-output-stream.ts";

/** A terminal that takes all at once. */
function terminal(traits: Partial<TerminalSink> = {}) {
  const written: (string | Uint8Array)[] = [];
  const stream = new TerminalOutputStream({
    write: (chunk) => written.push(chunk),
    isFull: false,
    whenDrained: (goOn) => goOn(),
    whenLeft: (goOn) => goOn(),
    overflowed: () => assert.fail(),
    failed: () => assert.fail(),
    maxUnsent: 100_000,
    columns: 80,
    rows: 24,
    colors: 24,
    ...traits,
  });
  return { stream, written };
}

test("the depth of colours is the terminal's, whatever the process's environment says", () => {
  for (const colors of [1, 4, 8, 24] as const) {
    const { stream } = terminal({ colors });
    assert.equal(stream.getColorDepth(), colors);
    assert.equal(stream.hasColors(), colors >= 4);
    assert.equal(stream.hasColors(256), colors >= 8);
    assert.equal(stream.hasColors(2 ** 24), colors === 24);
  }
});

test("with an environment it answers as Node does", () => {
  const { stream } = terminal({ colors: 1 });
  for (const env of [{ TERM: "xterm-256color" }, { COLORTERM: "truecolor" }, { FORCE_COLOR: "1" }, { TERM: "dumb" }]) {
    const depth = WriteStream.prototype.getColorDepth(env);
    assert.equal(stream.getColorDepth(env), depth);
    assert.equal(stream.hasColors(env), depth >= 4);
    assert.equal(stream.hasColors(256, env), depth >= 8);
  }
});

test("it has the methods of a tty.WriteStream, and of a socket those that apps call", () => {
  const { stream } = terminal();
  const methods = Object.getOwnPropertyNames(WriteStream.prototype).filter(
    (name) => name !== "constructor" && name !== "_refreshSize",
  );
  assert.deepEqual(
    [...methods, "ref", "unref"].filter((name) => !(name in stream)),
    [],
  );
});

test("text is written as text, in slices that part no character; other encodings as bytes", () => {
  const { stream, written } = terminal();
  const text = `${"x".repeat(65_535)}👍${"é".repeat(70_000)}`;
  stream.write(text);
  assert.equal(written.join(""), text);
  assert.ok(written.every((slice) => typeof slice === "string" && slice.isWellFormed() && slice.length <= 65_536));
  written.length = 0;
  stream.write("c3a9", "hex");
  stream.write(Buffer.from("ä"));
  assert.deepEqual(written, [Buffer.from("é"), Buffer.from("ä")]);
});
